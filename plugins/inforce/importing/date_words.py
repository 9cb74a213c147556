"""The words with which policies say what a date is, in the languages in which we have seen them.

``LABEL`` says that a date is one of effect, of a change, or of the first text (its group's name); ``without`` takes
these words out, so that what is left of a line tells whether it is one of dates alone.
"""

import re

_EFFECTIVE = r"""
    effective(?:ly)?|tak(?:es?|ing)\s+effect|takes?\s+legal\s+effect|(?:comes?|came|enters?|entered)\s+into\s+(?:force|effect)
    in\s+force|in\s+effect|valid|applies|applicable|effect
    gültig|wirksam|in\s+kraft(?:\s+getreten)?|inkrafttreten|tritt|treten|gilt|gelten|geltend
    en\s+vigueur|entr(?:ée|e|ent)\s+en\s+vigueur|date\s+d['’](?:effet|entrée\s+en\s+vigueur)|prend(?:\s+effet)|prenant\s+effet|applicables?
    vigentes?|vigencia|en\s+vigor|entrada\s+en\s+vigor|entran?\s+en\s+vigor|efectiv[ao]s?|válid[ao]s?
    in\s+vigore|entrat[ao]\s+in\s+vigore|validità|efficace|decorrenza|con\s+effetto|valid[aoei]
    em\s+vigor|entra(?:da)?\s+em\s+vigor|vigência|efetiv[ao]|eficaz
    geldig|ingangsdatum|van\s+kracht|met\s+ingang
    действует|действительн[аоы]\w*|вступа\w+\s+в\s+силу|вступил\w*\s+в\s+силу|вступления\s+в\s+силу
    чинн\w+|діє|набирає\s+чинності|obowiązuj\w+|wchodz\w+\s+w\s+życie|gäller|ikraftträdande|gælder|gjelder|gyldig
    træder\s+i\s+kraft|ikrafttrædelse|účinn\w+|platn\w+|yürürlük|yürürlüğe|geçerli\w*
    発効日?|施行日?|適用(?:開始)?日?|起?生效(?:日期|时间|時間|日)?|起?施行|起?实施|起?實施|시행일?자?|발효일?|적용일?
    voimassa|voimaan(?:tulo)?|tulee\s+voimaan|בתוקף|תחילת\s+תוקף|כניסה\s+לתוקף|प्रभावी(?:\s+(?:तिथि|तारीख))?|लागू
    تاريخ\s+السريان|تاريخ\s+النفاذ|سريان|سارية?(?:\s+المفعول)?|يسري|تسري
    มีผล(?:บังคับ)?(?:ใช้)?|có\s+hiệu\s+lực|(?:mulai\s+)?berlaku(?:\s+efektif)?|ισχύ(?:ει|ουν)|[îi]n\s+vigoare|hatály(?:os|ba\s+lép)
"""
_UPDATED = r"""
    (?:(?:last|latest|most\s+recent(?:ly)?)\s+)?(?:updated?s?|modified|modification|revised|revision|reviewed|changed?|amended|edited|published|posted|issued?|released?)
    version\s+of|dated?(?=\s*[:：]|\s+\d)|last(?=\s*[:：])
    (?:zuletzt\s+)?(?:aktualisiert|geändert|überarbeitet|veröffentlicht)|(?:letzte\s+)?(?:aktualisierung|änderung)|stand
    (?:dernière\s+)?(?:mise\s+à\s+jour|modification|révision)|(?:mise?s?\s+à\s+jour)|(?:modifié|révisé|actualisé|publié)e?s?
    (?:última\s+)?(?:actualización|atualização|modificación|modificação|revisión|revisão|alteração)
    (?:actualizad|atualizad|modificad|revisad|alterad|publicad)[ao]s?
    (?:ultim[ao]\s+)?(?:aggiornamento|modifica|revisione)|aggiornat[aoie]|modificat[aoie]
    (?:laatst(?:e)?\s+)?(?:bijgewerkt|gewijzigd|herzien|wijziging)
    (?:последн\w+\s+)?(?:обновл[её]н\w*|изменен\w*|редакци\w+)|обновлено
    (?:останн\w+\s+)?оновлен\w*|(?:ostatni\w+\s+)?(?:aktualizacj\w+|zaktualizowan\w*|zmian\w+)
    (?:senast\s+)?(?:uppdatera[dt]e?s?|ändra[dt])|(?:sidst\s+|sist\s+)?(?:opdatere[td]|oppdatert|ændret|endret)
    (?:poslední\s+)?(?:aktualizace|aktualizováno|změna)|(?:son\s+)?güncelle\w+
    (?:最終)?(?:更新日?|改定日?|改訂日?)|(?:最近|最后|最後)?(?:更新|修订|修訂|修改|发布|發布|公布)(?:日期|时间|時間|于|於)?
    (?:최종\s*|마지막\s*)?(?:수정|업데이트|개정|변경)(?:일자?)?
    (?:آخرین\s+)?(?:به[\s\u200c]?روز(?:رسانی|\s?شده)|بروزرسانی)
    (?:viimeksi\s+)?(?:päivitetty|muutettu)|(?:עודכן|עדכון|שונה)(?:\s+(?:לאחרונה|אחרון))?|(?:अंतिम\s+)?(?:अपडेट|अद्यतन|संशोधन|संशोधित)
    آخر\s+(?:تحديث|تعديل)|تم\s+(?:التحديث|التعديل)|تاريخ\s+(?:آخر\s+)?(?:ال)?تحديث|حُ?دِ?ّ?ثت
    (?:ปรับปรุง|แก้ไข|อัปเดต)(?:ครั้ง)?(?:ล่าสุด)?|(?:cập\s+nhật|sửa\s+đổi)(?:\s+(?:lần\s+cuối|mới\s+nhất))?
    (?:terakhir\s+)?(?:diperbarui|diubah)|(?:τελευταία\s+)?(?:ενημέρωση|τροποποίηση)|(?:ultima\s+)?actualizare|(?:utolsó\s+)?(?:módosítás|frissítés)
"""
_MADE = r"""
    (?:first\s+|originally\s+)(?:published|posted|issued|effective|adopted|created|written)|created|established|adopted
    erstellt|créée?s?|cread[ao]s?|creat[ao]|criad[ao]|opgesteld|утвержден\w*|制定日?|策定日?|제정일?|أُنشئت
"""
_SINCE = r"""
    as\s+of|from|since|beginning|starting|ab|seit|à\s+compter\s+du|à\s+partir\s+du|depuis\s+le|dès\s+le|a\s+partir\s+d[eo]l?|desde
    a\s+decorrere\s+dal|a\s+partire\s+dal|dal|vanaf|sinds|с|со|начиная\s+с|від|з|od|od\s+dnia|från(?:\s+och\s+med)?|fra(?:\s+og\s+med)?|başlayarak|alkaen|lähtien|מיום|החל\s+מ(?:יום)?
    اعتبار[اًا]*\s+من|ابتداء[ًا]*\s+من|منذ
    từ|mulai|από|de\s+la|începând\s+cu
"""
_SELF = r"""
    th(?:is|ese|e)|our|polic(?:y|ies)|privacy|notice|terms|conditions|service|use|document|page|agreement|statement|cookies?
    diese[rs]?|die|der|das|datenschutz\w*|\w*bedingungen|richtlinien?|vereinbarung|agb|la|le|les|cette|présentes?|politique|confidentialité
    estas?|estos?|el|los|política|términos|condiciones|privacidad|questa|informativa|condizioni|termini|esta|termos|o|os|a|as
    deze|dit|het|beleid|voorwaarden|privacybeleid|настоящ\w+|данн\w+|политик\w+|условия|соглашени\w+|документа?
"""
_AROUND = r"""
    was|were|is|are|has|have|been|will|shall|become|becomes|became|on|of|in|at|by|and|date|day|version|first|last|latest
    am|vom|von|zum|und|datum|fassung|ist|sind|wurden?|zuletzt|letzte[rn]?|wird|werden|per|du|de|des|au|à|et|est|sont|date|le|la|d
    del|al|día|fecha|y|es|en|versión|di|il|e|data|versione|do|da|dia|em|versão|van|op|en|is|zijn|datum|per|versie
    дата|от|и|г|года?|р|року|r|dnia|в|версия|день|р|і|dnia|i|z|den|och|og|dne|d|m|tarihi(?:nden|nde)?|tarih|itibaren|sonra|dem|roku|ב|יום|ביום|תאריך|को|से|की|तिथि|तारीख
    ngày|vào|lần|pada|tanggal|sejak|στις|την|της|ημερομηνία|la|data|napja|dátuma|napjától|όροι|tarikh|viimeksi|الموافق|تاریخ|آخرین
"""
_NO_SPACES = (
    "の|は|より|から|に|を|日|本|自|起|于|於|版|日期|时间|時間|条款|隐私政策|政策|プライバシーポリシー|利用規約"
    "|이|은|는|일자|일|부터|됩니다|합니다|ตั้งแต่|วันที่|เมื่อ|ณ"
)
_ARABIC = r"من|في|هذه|هذا|السياسة|الشروط|بتاريخ|تاريخ|و|يوم"
_NUMBERED = (
    r"(?:version|vers|v|ver|rev|revision|fassung|versión|versione|versão|versie|версия|wersja|版本|バージョン|버전|الإصدار)"
    r"[\s.:№#]*\d+(?:\.\d+)*[a-z]?|第?\d+(?:\.\d+)*版"
)
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


def _either(words: str) -> str:
    """A pattern of words: whole ones, but for those of scripts without spaces."""
    every = [row.strip() for row in words.strip().split("\n")]
    return "|".join(sorted(_split(every), key=lambda word: -len(word)))


def _split(rows: list[str]) -> list[str]:
    """The alternatives of all rows: each is split at bars that stand in no bracket."""
    found: list[str] = []
    for row in rows:
        depth, word = 0, ""
        for letter in row:
            depth += (letter == "(") - (letter == ")")
            if letter == "|" and not depth:
                found.append(word)
                word = ""
            else:
                word += letter
        found.append(word)
    return [word if _SPACELESS.search(word) else rf"(?<![^\W\d_]){word}(?![^\W\d_])" for word in found]


LABEL = re.compile(
    rf"(?P<made>{_either(_MADE)})|(?P<effective>{_either(_EFFECTIVE)})|(?P<updated>{_either(_UPDATED)})", re.IGNORECASE
)
SINCE = re.compile(_either(_SINCE), re.IGNORECASE)
"""A preposition that says from when on, without a word of what."""
ANOTHER = re.compile(
    r"\b(?:replac\w+|supersed\w+|previous\w*|prior|former\w*|earlier|until|before|ersetz\w+|bis|vorherig\w+|remplac\w+|jusqu\w*"
    r"|sustituy\w+|reemplaz\w+|hasta|sostitui\w+|substitui\w*|vervang\w+|tot|заменя\w+|до)\b",
    re.IGNORECASE,
)
"""Words of a sentence whose date is another text's."""
OURS = re.compile(
    r"\b(?:th(?:is|ese)|our|diese[rs]?|unsere?|cette|ces|présentes?|nos|estas?|estos?|nuestr[ao]s?|quest[aeio]|deze"
    r"|настоящ\w+|эт[аио])\b|本|この|当社の|이|هذه|هذا",
    re.IGNORECASE,
)
"""Words of a sentence that speaks of the text itself."""
_TAKEN = re.compile("|".join((_NUMBERED, LABEL.pattern.replace("?P<", "?P<x"))), re.IGNORECASE)
_FILLERS = re.compile("|".join((_either(_SINCE), _either(_AROUND), _NO_SPACES, _either(_ARABIC))), re.IGNORECASE)
_OWN = re.compile(_either(_SELF), re.IGNORECASE)


def without(text: str, *, alone: bool = False) -> str:
    """Return a text without the words that may stand around a date; ``alone`` where no label says what it is."""
    rest = _FILLERS.sub(" ", _TAKEN.sub(" ", text))
    return rest if alone else _OWN.sub(" ", rest)
