"""Texts that are an instant, and texts that are none, for whoever reads a manifest or a record."""

from vectors.tables import Json

TITLE = "Which texts are an instant, in milliseconds since 1970; null where they are none."
SCHEMA = "instant-vectors-1.json"

INSTANTS: dict[str, int | None] = {
    "1970-01-01T00:00:00Z": 0,
    "2027-01-15T00:00:00Z": 1_799_971_200_000,
    "2027-01-15T08:00:00+08:00": 1_799_971_200_000,
    "2027-01-14T19:30:00-04:30": 1_799_971_200_000,
    "2027-01-15T00:00:00.5Z": 1_799_971_200_500,
    "2027-01-15T00:00:00.123999999Z": 1_799_971_200_123,
    "2027-01-15T00:00:00-00:00": 1_799_971_200_000,
    "2028-02-29T00:00:00Z": 1_835_395_200_000,
    "1969-12-31T23:59:59.999Z": -1,
    "0001-01-01T00:00:00Z": -62_135_596_800_000,
    "9999-12-31T23:59:59.999Z": 253_402_300_799_999,
    "0002-01-01T00:00:00+23:59": -62_104_147_140_000,
    "9998-12-31T23:59:59-23:59": 253_370_851_139_000,
    # An offset leads out of the years that can be written, or might: no language has to find out.
    "0001-01-01T00:00:00+23:59": None,
    "0001-06-01T00:00:00+00:00": None,
    "9999-12-31T23:59:59-00:01": None,
    "9999-06-01T00:00:00+08:00": None,
    "0000-01-01T00:00:00Z": None,
    "0000-12-31T23:59:59-23:59": None,
    "10000-01-01T00:00:00Z": None,
    "+002027-01-15T00:00:00Z": None,
    # A leap second is no second of any clock that a browser or Python has.
    "2016-12-31T23:59:60Z": None,
    "2027-01-15T23:59:60Z": None,
    "2017-01-01T00:59:60+01:00": None,
    "2027-01-15T24:00:00Z": None,
    "2027-01-15T23:60:00Z": None,
    "2027-01-15T00:00:00+24:00": None,
    "2027-01-15T00:00:00+08:60": None,
    "2000-02-29T00:00:00Z": 951_782_400_000,
    "2100-02-29T00:00:00Z": None,
    "2027-02-29T00:00:00Z": None,
    "2027-02-30T00:00:00Z": None,
    "2027-04-31T00:00:00Z": None,
    "2027-13-01T00:00:00Z": None,
    "2027-00-01T00:00:00Z": None,
    "2027-01-00T00:00:00Z": None,
    "2027-01-32T00:00:00Z": None,
    "2027-01-15T00:00:00": None,
    "2027-01-15": None,
    "2027-01-15T00:00Z": None,
    "2027-01-15 00:00:00Z": None,
    "2027-01-15t00:00:00z": None,
    "2027-01-15T00:00:00.Z": None,
    "2027-01-15T00:00:00,5Z": None,
    "2027-01-15T00:00:00+0800": None,
    "2027-01-15T00:00:00 Z": None,
    " 2027-01-15T00:00:00Z": None,
    "２０２７-01-15T00:00:00Z": None,
    "20270115T000000Z": None,
    "2027-W02-5T00:00:00Z": None,
    "": None,
    "soon": None,
}


def cases() -> list[Json]:
    """Every case."""
    return [{"written": written, "milliseconds": found} for written, found in INSTANTS.items()]
