<?php

declare(strict_types=1);

namespace Inforce;

/**
 * A manifest, a customer's records and an instant -> whether that customer has to look again, and at what.
 *
 * The decision table stands in the documentation ("The review decision"); the methods below follow its rows, and
 * `vectors/` holds its cases for every language. This file needs PHP 8.1 alone, so a shop may copy it. It fetches
 * nothing, stores nothing and reads no clock.
 *
 * JSON is taken as `json_decode($text)` gives it: an object is a stdClass, an array a list. A record may be an array by
 * its fields, too, as a database gives it. What has not the shape of its schema counts for nothing, and never throws.
 */
final class Review
{
    /** Every state, the worst first: of several documents the worst leads. */
    public const STATES = [
        'review_required', 'initial', 'declined', 'notice', 'upcoming', 'up_to_date', 'not_applicable', 'unknown',
    ];

    private const REQUIRED = ['inform', 'acknowledge', 'accept'];
    private const GIVEN = ['accepted' => 2, 'acknowledged' => 1, 'declined' => 0, 'dismissed' => 0];
    private const SEVERITIES = ['editorial', 'notice', 'material'];
    private const EDITORIAL = 0;
    private const NOTICE = 1;
    private const MATERIAL = 2;
    /** Reasons of the rows 7, 8a and 11: what an announcement of a later version may take the place of. */
    private const QUIET = ['current', 'same_text', 'first_visit', 'editorial'];

    /** Milliseconds, and from 1970 the beginning of the year 1 and the end of 9999. */
    private const DAY = 86_400_000;
    private const TOLERANCE = 300_000;
    private const WEEK = 7 * self::DAY;
    private const FIRST = -62_135_596_800_000;
    private const LAST = 253_402_300_799_000;

    private const LARGEST = 9_007_199_254_740_991;
    private const INSTANT = '/\A(?!0000|(?:0001|9999)[^Z]+\z)([0-9]{4})-([0-9]{2})-([0-9]{2})T([01][0-9]|2[0-3]):([0-5][0-9])'
        . ':([0-5][0-9])(?:\.([0-9]+))?(?:Z|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))\z/';
    private const PERIOD = '/\AP(?=.*[1-9])(?:([0-9]{1,3})Y)?(?:([0-9]{1,3})M)?(?:([0-9]{1,3})W)?(?:([0-9]{1,3})D)?\z/';
    private const NUMBER = '/\A(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\z/';
    /** Of the web, or relative to it: a scheme such as javascript: is none of a policy's. */
    private const ADDRESS = '~\A(?:https?:|(?![^/?#]*:))[^\x00-\x20\x7f]*\z~i';

    /**
     * What one customer has to do about one document.
     *
     * `$manifest` is the decoded policy-manifest.json, or what `prepare` made of it; null where none was ever had.
     * `$records` are all of the customer's, in any order, other documents' too. The keys are always the same, null where
     * they have no sense: document, state, reason, version, requires, base, changes, redline, upcoming, accept_by,
     * snoozed_until, flags. The documentation says what each holds.
     *
     * @param iterable<mixed> $records
     * @return array<string, mixed>
     */
    public static function state(mixed $manifest, string $document, iterable $records, \DateTimeInterface $now): array
    {
        $read = self::prepare($manifest);
        if ($read->documents === null) {
            return self::result($document, 'unknown', 'no_manifest');
        }
        [$own, $unreadable] = self::ownRecords($records, $document);
        $policy = $read->documents[$document] ?? null;
        if ($policy === null) {
            return self::result($document, $own === [] ? 'not_applicable' : 'unknown', 'document_missing');
        }
        $at = (int) $now->format('U') * 1000 + (int) $now->format('v');
        return self::decide($policy, $read->serial, $document, $own, $unreadable, $at);
    }

    /**
     * What one customer has to do about several documents: `documents`, the `state` of each by its id.
     *
     * The one with the worst state leads, the first named among equals: its state, reason and document.
     *
     * @param list<string> $documents
     * @param iterable<mixed> $records
     * @return array<string, mixed>
     */
    public static function all(mixed $manifest, array $documents, iterable $records, \DateTimeInterface $now): array
    {
        $read = self::prepare($manifest);
        $kept = is_array($records) ? $records : iterator_to_array($records, false);
        $states = [];
        $lead = null;
        foreach ($documents as $document) {
            $found = $states[$document] = self::state($read, $document, $kept, $now);
            if ($lead === null || self::rank($found['state']) < self::rank($lead['state'])) {
                $lead = $found;
            }
        }
        return [
            'state' => $lead['state'] ?? 'not_applicable',
            'reason' => $lead['reason'] ?? 'no_documents',
            'document' => $lead['document'] ?? null,
            'documents' => new \ArrayObject($states), // an object in JSON, empty too
        ];
    }

    /**
     * The records of several lists as those of one customer: each id once, in the order in which they count.
     *
     * Of several with one id the one that a server received first stays. What cannot be read is left out; no record is
     * changed.
     *
     * @param iterable<mixed> ...$lists
     * @return list<mixed>
     */
    public static function merge(iterable ...$lists): array
    {
        $kept = [];
        foreach ($lists as $list) {
            foreach ($list as $given) {
                $read = self::readRecord($given);
                if ($read === null) {
                    continue;
                }
                $name = 'id ' . $read['id'];
                if (!isset($kept[$name]) || self::byReceipt($read, $kept[$name][0]) < 0) {
                    $kept[$name] = [$read, $given];
                }
            }
        }
        uasort($kept, static fn (array $one, array $other): int => self::byTime($one[0], $other[0]));
        return array_column($kept, 1);
    }

    /**
     * Milliseconds from 1970 to an instant: RFC 3339 with `Z` or an offset, from the year 1 to 9999, finer digits cut off.
     *
     * Null for anything else: a leap second, a day that no month has, an offset in the years 1 and 9999.
     */
    public static function instant(mixed $written): ?int
    {
        if (!is_string($written) || preg_match(self::INSTANT, $written, $part) !== 1) {
            return null;
        }
        [, $year, $month, $day, $hour, $minute, $second] = array_map('intval', $part);
        if (!checkdate($month, $day, $year)) {
            return null;
        }
        $offset = ((int) ($part[9] ?? 0) * 60 + (int) ($part[10] ?? 0)) * (($part[8] ?? '+') === '-' ? -1 : 1);
        $minutes = (self::days($year, $month, $day) * 24 + $hour) * 60 + $minute - $offset;
        return ($minutes * 60 + $second) * 1000 + (int) substr(($part[7] ?? '') . '000', 0, 3);
    }

    /** A manifest read once for many decisions. It does not follow later changes to `$manifest`. */
    public static function prepare(mixed $manifest): Prepared
    {
        if ($manifest instanceof Prepared) {
            return $manifest;
        }
        try {
            self::must($manifest instanceof \stdClass && self::whole($manifest->schema_version ?? null) === 1);
            $documents = self::object($manifest->documents ?? null);
            $found = [];
            foreach ($documents as $id => $entry) {
                $found[$id] = self::readPolicy(self::object($entry));
            }
            $epoch = self::whole(self::field($manifest, 'epoch', 0));
            return new Prepared($found, self::whole($manifest->serial ?? null), $epoch);
        } catch (Unreadable) {
            return new Prepared(null, 0, 0);
        }
    }

    // The table

    /**
     * @param array<string, mixed> $policy
     * @param list<array<string, mixed>> $own
     * @return array<string, mixed>
     */
    private static function decide(
        array $policy, int $serial, string $document, array $own, bool $unreadable, int $now
    ): array {
        $behind = $policy['clock'] - $now > self::TOLERANCE;
        $at = $behind ? $policy['clock'] : $now;
        $retired = $policy['retired'] !== null && $policy['retired'] <= $at;
        $cur = $retired ? null : self::last($policy['standing'], static fn (array $row): bool => $row['effective'] <= $at);
        $valid = $lost = [];
        foreach ($own as $record) {
            $record['row'] = $policy['by_number'][$record['version']] ?? null;
            $isValid = $record['row'] !== null && in_array($record['digest'], $record['row']['digests'], true);
            $isValid ? $valid[] = $record : $lost[] = $record;
        }
        // An agreement is no weaker than its version requires. Where nothing is required now, whatever was done is one.
        $agreed = array_values(array_filter($valid, static fn (array $record): bool => $cur !== null && $cur['need'] === 0
            || $record['strength'] >= max($record['row']['need'], 1)));
        $named = array_column(array_column($agreed, 'row'), 'sequence');
        $base = $cur === null ? null : self::last($policy['standing'], static fn (array $row): bool =>
            $row['sequence'] <= $cur['sequence'] && in_array($row['sequence'], $named, true));
        $steps = $base === null ? null : self::between($policy['standing'], $base['sequence'], $cur['sequence']);
        $facts = compact('at', 'valid', 'lost', 'agreed', 'base', 'steps');
        [$state, $reason] = $cur === null ? self::beforeAny($policy, $retired, $agreed) : self::about($cur, $policy, $serial, $facts);
        $later = $retired ? [] : self::between($policy['standing'], $cur['sequence'] ?? -INF, INF);
        $seen = array_column(array_column($valid, 'row'), 'sequence');
        $news = self::first($later, static fn (array $row): bool => $row['severity'] !== self::EDITORIAL
            && !in_array($row['sequence'], $seen, true));
        if ($news !== null && in_array($reason, self::QUIET, true)) {
            $state = 'upcoming';
        }
        $row = $state === 'upcoming' ? $news : (self::rank($state) < 4 ? $cur : null);
        // Whoever had agreed is asked by the first date since then.
        $isDue = self::rank($state) < 3 && $reason !== 'reconfirm';
        $dates = $isDue ? array_filter(array_column($steps ?? [$cur], 'accept_by'), 'is_int') : [];
        $due = $dates === [] ? null : min($dates);
        $isCompared = $base !== null && $base['sequence'] !== $cur['sequence'];
        return [
            ...self::result($document, $state, $reason),
            'version' => $row['version'] ?? null,
            'requires' => $row === null ? null : self::REQUIRED[$row['need']],
            'base' => $base['version'] ?? null,
            'changes' => $isCompared ? self::union($steps) : null,
            'redline' => $isCompared ? self::redline($policy, $base, $cur) : null,
            'upcoming' => array_column($later, 'version'),
            'accept_by' => $due === null ? null : self::written($due),
            'snoozed_until' => self::rank($state) < 2 ? self::snooze($valid, $cur, $at) : null,
            'flags' => array_keys(array_filter([
                'clock_behind' => $behind,
                'ignored_record' => $unreadable || $lost !== [],
                'overdue' => $due !== null && $due <= $at,
            ])),
        ];
    }

    /** The rows 3 and 4, while nothing is in force: [state, reason]. */
    private static function beforeAny(array $policy, bool $retired, array $agreed): array
    {
        if ($retired) {
            return ['not_applicable', 'retired'];
        }
        if ($policy['standing'] === []) {
            return ['not_applicable', 'nothing_in_force'];
        }
        $last = end($policy['standing']);
        foreach ($agreed as ['row' => $row]) {
            if ($row['sequence'] === $last['sequence']) {
                return ['up_to_date', 'accepted_ahead'];
            }
        }
        return ['upcoming', 'not_yet_in_force'];
    }

    /** The rows 5 to 11, about the version in force: [state, reason]. */
    private static function about(array $cur, array $policy, int $serial, array $facts): array
    {
        ['at' => $at, 'valid' => $valid, 'lost' => $lost, 'agreed' => $agreed, 'base' => $base, 'steps' => $steps] = $facts;
        foreach ($lost as $record) {
            if ($record['strength'] > 0 && $record['row'] === null && $record['serial'] > $serial) {
                return ['up_to_date', 'ahead_of_manifest'];
            }
        }
        $answer = self::last($valid, static fn (array $record): bool => $record['action'] !== 'dismissed');
        if ($answer !== null && $answer['action'] === 'declined' && self::stillDeclined($answer['row'], $cur, $policy)) {
            return ['declined', 'declined'];
        }
        $enough = array_filter($agreed, static fn (array $record): bool => $record['strength'] >= $cur['need']);
        $same = array_filter($enough, static fn (array $record): bool => $record['row']['text_digest'] === $cur['text_digest']);
        if ($same !== []) {
            if (self::hasLapsed($cur, $same, $at)) {
                return ['review_required', 'reconfirm'];
            }
            $numbers = array_column(array_column($same, 'row'), 'sequence');
            return ['up_to_date', in_array($cur['sequence'], $numbers, true) ? 'current' : 'same_text'];
        }
        if ($base === null) {
            return self::withoutBase($cur, $answer, $lost);
        }
        $urgent = $cur['need'] > 0 ? 'review_required' : 'notice';
        $severities = array_column($steps, 'severity');
        $named = array_filter($enough, static fn (array $record): bool => $record['row']['sequence'] === $base['sequence']);
        if (in_array(self::MATERIAL, $severities, true)) {
            return [$urgent, 'material'];
        }
        if ($named === []) {
            return [$urgent, 'stronger_requirement'];
        }
        if (self::hasLapsed($cur, $named, $at)) {
            return ['review_required', 'reconfirm'];
        }
        $seen = max(array_column(array_column($valid, 'row'), 'sequence'));
        $news = self::first($steps, static fn (array $row): bool => $row['severity'] === self::NOTICE && $row['sequence'] > $seen);
        return $news === null ? ['up_to_date', 'editorial'] : ['notice', 'notice'];
    }

    private static function withoutBase(array $cur, ?array $answer, array $lost): array
    {
        if ($cur['need'] === 0) {
            return ['up_to_date', 'first_visit'];
        }
        if ($answer !== null) {
            return ['review_required', 'no_agreement'];
        }
        $strangers = array_filter($lost, static fn (array $record): bool => $record['action'] !== 'dismissed');
        if ($strangers === []) {
            return ['initial', 'never_agreed'];
        }
        $isUnknown = in_array(null, array_column($strangers, 'row'), true);
        return ['review_required', $isUnknown ? 'unknown_version' : 'digest_mismatch'];
    }

    private static function stillDeclined(array $row, array $cur, array $policy): bool
    {
        if ($row['withdrawn'] || $row['sequence'] > $cur['sequence']) {
            return false;
        }
        $since = self::between($policy['standing'], $row['sequence'], $cur['sequence']);
        return !in_array(self::MATERIAL, array_column($since, 'severity'), true);
    }

    /** Whether all of these agreements are to be confirmed; none is where the version only informs. */
    private static function hasLapsed(array $cur, array $agreements, int $at): bool
    {
        return $cur['reconfirm'] !== null && $cur['need'] > 0
            && self::over(max(array_column($agreements, 'at')), ...$cur['reconfirm']) <= $at;
    }

    /** When a period that begins at `$at` is over: in UTC, on the last day of a month that is too short. */
    private static function over(int $at, int $months, int $days): int
    {
        $start = max($at, self::FIRST);
        $day = intdiv($start - self::FIRST, self::DAY); // counted from the first, so that no remainder is negative
        [$year, $month, $date] = self::calendar($day);
        $month += $months - 1;
        $year += intdiv($month, 12);
        $month = $month % 12 + 1;
        $last = self::days($month === 12 ? $year + 1 : $year, $month % 12 + 1, 1) - self::days($year, $month, 1);
        $time = ($start - self::FIRST) % self::DAY;
        return (self::days($year, $month, min($date, $last)) + $days) * self::DAY + $time;
    }

    /** The last "Later" said to the version in force since it is in force that is not over, or null. */
    private static function snooze(array $valid, array $cur, int $at): ?string
    {
        $ends = [];
        foreach ($valid as $record) {
            if ($record['row']['sequence'] === $cur['sequence'] && $record['action'] === 'dismissed'
                && $record['at'] >= $cur['effective'] && $record['until'] > $at && $record['until'] <= $at + self::WEEK) {
                $ends[] = $record['until'];
            }
        }
        return $ends === [] ? null : self::written(max($ends));
    }

    private static function result(string $document, string $state, string $reason): array
    {
        return [
            'document' => $document, 'state' => $state, 'reason' => $reason, 'version' => null, 'requires' => null,
            'base' => null, 'changes' => null, 'redline' => null, 'upcoming' => [], 'accept_by' => null,
            'snoozed_until' => null, 'flags' => [],
        ];
    }

    // What happened since: the union of clause changes, and the pages that show it

    /** The changes of several versions as one: clauses in the last one's order, then those that are gone. */
    private static function union(array $steps): array
    {
        $living = $lost = $order = []; // PHP makes numbers of keys such as "12": they are texts again where they are read
        foreach ($steps as $version) {
            $before = $living;
            foreach ($version['changes'] as $change) {
                foreach ($change['was'] as $name) {
                    unset($living[$name]);
                }
            }
            foreach ($version['changes'] as $place => $change) {
                $clause = self::changed($change, [$version['sequence'], $place], $before, $lost);
                unset($living[$change['clause']]);
                if (!in_array('removed', $change['kinds'], true)) {
                    $living[$change['clause']] = $clause;
                    continue;
                }
                foreach ($clause['origins'] as $name) {
                    $gone = ['origins' => [$name]] + $clause;
                    $lost[$name] = isset($lost[$name]) ? self::joined([$lost[$name], $gone]) : $gone;
                }
            }
            $order = self::interleaved(array_column($version['changes'], 'clause'), $order, $living);
        }
        $shown = $gone = [];
        foreach ($lost as $name => $clause) {
            $heirs = array_filter($order, static fn (string $each): bool => $each === (string) $name
                || in_array((string) $name, $living[$each]['origins'], true));
            foreach ($heirs as $heir) {
                $living[$heir] = self::joined([$clause, $living[$heir]]);
            }
            if ($heirs === []) {
                $gone[] = self::shown((string) $name, $clause, true);
            }
        }
        foreach ($order as $name) {
            $shown[] = self::shown($name, $living[$name], false);
        }
        return [...$shown, ...$gone];
    }

    /** One version's change of a clause on top of what happened before to it and to those that it came from. */
    private static function changed(array $change, array $place, array $before, array &$lost): array
    {
        $name = $change['clause'];
        $isMerged = in_array('merged', $change['kinds'], true) && (count($change['was']) < 2 || isset($before[$name]));
        $own = !in_array('added', $change['kinds'], true) && ($change['was'] === [] || $isMerged);
        $past = [];
        foreach (array_unique($own ? [$name, ...$change['was']] : $change['was']) as $each) {
            $none = ['title' => '', 'kinds' => [], 'severity' => self::EDITORIAL, 'notes' => [], 'origins' => [$each]];
            $past[] = $before[$each] ?? $none;
        }
        if (isset($lost[$name]) && !in_array('removed', $change['kinds'], true)) {
            $past[] = $lost[$name];
            unset($lost[$name]);
        }
        return self::joined([...$past, [
            'title' => $change['title'],
            'kinds' => $change['kinds'],
            'severity' => $change['severity'],
            'notes' => $change['note'] === '' ? [] : [implode(' ', $place) => [...$place, $change['note']]],
            'origins' => [],
        ]]);
    }

    /** What happened to parts of one clause as one; the last of them gives the title. */
    private static function joined(array $parts): array
    {
        $merge = static fn (string $key): array => array_merge(...array_column($parts, $key));
        $notes = $merge('notes');
        uasort($notes, static fn (array $one, array $other): int => [$one[0], $one[1]] <=> [$other[0], $other[1]]);
        return [
            'title' => end($parts)['title'],
            'kinds' => array_values(array_unique($merge('kinds'))),
            'severity' => max(array_column($parts, 'severity')),
            'notes' => $notes,
            'origins' => array_values(array_unique($merge('origins'))),
        ];
    }

    /** The newer order, with each name that only the older has behind the one that it stood behind; of those that live. */
    private static function interleaved(array $newer, array $older, array $living): array
    {
        $lives = static fn (string $name): bool => isset($living[$name]);
        $order = array_values(array_filter($newer, $lives));
        $place = 0;
        foreach ($older as $name) {
            $found = array_search($name, $order, true);
            if ($found === false) {
                array_splice($order, $place, 0, [$name]);
                $found = $place;
            }
            $place = $found + 1;
        }
        return array_values(array_filter($order, $lives));
    }

    /** The row that tells of it. What was added to a known clause, or taken out of one that stays, modified it. */
    private static function shown(string $name, array $clause, bool $isGone): array
    {
        $other = $isGone ? ['added'] : ['added', 'removed'];
        $kinds = array_map(static fn (string $kind): string => $clause['origins'] !== [] && in_array($kind, $other, true)
            ? 'modified' : $kind, $clause['kinds']);
        $kinds = array_values(array_unique($kinds));
        usort($kinds, self::byUnits(...));
        return [
            'clause' => $name,
            'title' => $clause['title'],
            'kinds' => $kinds,
            'severity' => self::SEVERITIES[$clause['severity']],
            'notes' => array_values(array_unique(array_column(array_values($clause['notes']), 2))),
        ];
    }

    /** The page that shows a pair of versions, or all that changed since the older; or else steps, none without a way. */
    private static function redline(array $policy, array $base, array $cur): array
    {
        $hasPage = static fn (int $older, int $newer): bool => $newer <= $policy['all_up_to'] || $newer - $older <= $policy['window'];
        if ($policy['since'] !== '' && !$hasPage($base['sequence'], $cur['sequence'])) {
            return [str_replace('{from}', $base['version'], $policy['since'])];
        }
        $steps = [];
        for ($here = $base; $here['sequence'] !== $cur['sequence']; $here = $there) {
            $ahead = self::between($policy['versions'], $here['sequence'], $cur['sequence']);
            $near = array_filter($ahead, static fn (array $row): bool => $hasPage($here['sequence'], $row['sequence']));
            if ($near === []) {
                return [];
            }
            $there = self::last($near, static fn (array $row): bool => !$row['withdrawn']) ?? end($near);
            $steps[] = str_replace('{to}', $there['version'], str_replace('{from}', $here['version'], $policy['url']));
        }
        return $steps;
    }

    // Reading what may hold anything

    private static function readPolicy(\stdClass $entry): array
    {
        $versions = array_map(self::readVersion(...), self::items($entry->versions ?? null));
        usort($versions, static fn (array $one, array $other): int => $one['sequence'] <=> $other['sequence']);
        $numbers = array_column($versions, null, 'version');
        self::must($versions !== [] && count($numbers) === count($versions));
        self::must(count(array_column($versions, null, 'sequence')) === count($versions));
        $pages = self::object($entry->redline ?? null);
        $head = $entry->head ?? null;
        return [
            'versions' => $versions,
            'standing' => array_values(array_filter($versions, static fn (array $row): bool => !$row['withdrawn'])),
            'by_number' => $numbers,
            'clock' => max(array_column($versions, 'announced')),
            'retired' => self::optional($entry->retired_at ?? null, self::moment(...)),
            'url' => self::matching(self::ADDRESS, $pages->url ?? null),
            'since' => self::matching(self::ADDRESS, $pages->since ?? ''),
            'all_up_to' => self::whole($pages->all_up_to ?? null),
            'window' => self::whole($pages->window ?? null),
            'head' => $head === null ? null : self::text($head),
            'events' => self::texts(self::field($entry, 'events', [])),
        ];
    }

    private static function readVersion(mixed $given): array
    {
        $row = self::object($given);
        $translations = [];
        foreach (self::object(self::field($row, 'translations', new \stdClass())) as $language => $text) {
            $translations['in ' . $language] = self::text(self::object($text)->digest ?? null);
        }
        $digest = self::text($row->digest ?? null);
        $need = array_search(self::text($row->requires ?? null), self::REQUIRED, true);
        return [
            'version' => self::matching(self::NUMBER, $row->version ?? null),
            'sequence' => self::whole($row->sequence ?? null),
            'digests' => [$digest, ...array_values($translations)],
            'text_digest' => self::text(self::field($row, 'text_digest', $digest)),
            'announced' => self::moment($row->announced_at ?? null),
            'effective' => self::moment($row->effective_at ?? null),
            'withdrawn' => isset($row->withdrawn_at),
            'severity' => self::severity($row->severity ?? null),
            'need' => $need === false ? 2 : $need,
            'language' => self::text(self::field($row, 'language', '')),
            'summary' => self::text(self::field($row, 'summary', '')),
            'amends' => self::text(self::field($row, 'amends', '')),
            'translations' => $translations,
            'accept_by' => self::optional($row->accept_by ?? null, self::moment(...)),
            'reconfirm' => self::optional($row->reconfirm_every ?? null, self::period(...)),
            'changes' => array_map(self::readChange(...), self::items($row->changes ?? null)),
        ];
    }

    private static function readChange(mixed $given): array
    {
        $row = self::object($given);
        return [
            'clause' => self::text($row->clause ?? null),
            'title' => self::text($row->title ?? null),
            'kinds' => self::texts(self::field($row, 'kinds', [])),
            'severity' => self::severity($row->severity ?? null),
            'note' => self::text(self::field($row, 'note', '')),
            'was' => self::texts(self::field($row, 'was', [])),
        ];
    }

    /** The records of one document, the oldest first, and whether any had to be left out as unreadable. */
    private static function ownRecords(iterable $records, string $document): array
    {
        $own = [];
        $unreadable = false;
        foreach ($records as $given) {
            $of = is_array($given) ? $given['document'] ?? null : ($given instanceof \stdClass ? $given->document ?? null : null);
            if (is_string($of) && $of !== $document) {
                continue;
            }
            $read = self::readRecord($given);
            $read === null ? $unreadable = true : $own[] = $read;
        }
        usort($own, self::byTime(...));
        return [$own, $unreadable];
    }

    /** A record with its strength, `at` by the server's clock as far as that can be known; null for a malformed one. */
    private static function readRecord(mixed $given): ?array
    {
        try {
            $record = is_array($given) && !array_is_list($given) ? (object) $given : self::object($given);
            self::text($record->document ?? null);
            $stamped = self::moment($record->at ?? null);
            $sent = self::optional($record->sent_at ?? null, self::moment(...));
            $received = self::optional($record->received_at ?? null, self::moment(...));
            $off = $received === null || $sent === null || abs($received - $sent) <= self::TOLERANCE ? 0 : $received - $sent;
            $at = $received === null ? $stamped : min($stamped + $off, $received);
            $until = self::optional($record->until ?? null, self::moment(...));
            $action = self::text($record->action ?? null);
            self::must(isset(self::GIVEN[$action]));
            return [
                'id' => self::text($record->id ?? null),
                'action' => $action,
                'version' => self::text($record->version ?? null),
                'digest' => self::text($record->digest ?? null),
                'strength' => self::GIVEN[$action],
                'serial' => self::whole($record->manifest_serial ?? 0),
                'at' => $at,
                'until' => $until === null ? 0 : min($until + $at - $stamped, $at + self::WEEK),
                'received' => $received ?? INF,
            ];
        } catch (Unreadable) {
            return null;
        }
    }

    private static function byTime(array $one, array $other): int
    {
        return self::compare($one, $other, ['at', 'id', 'action', 'version']);
    }

    private static function byReceipt(array $one, array $other): int
    {
        return self::compare($one, $other, ['received', 'at', 'action', 'version', 'digest', 'serial', 'until']);
    }

    /** Two texts by their UTF-16 code units, as JavaScript orders them, and never as numbers. */
    private static function byUnits(string $one, string $other): int
    {
        // Of UTF-8's first bytes only these two stand before what is beyond U+FFFF, and behind it in UTF-16.
        return strcmp(strtr($one, "\xEE\xEF", "\xF5\xF6"), strtr($other, "\xEE\xEF", "\xF5\xF6"));
    }

    private static function compare(array $one, array $other, array $keys): int
    {
        foreach ($keys as $key) {
            $order = is_string($one[$key]) ? self::byUnits($one[$key], $other[$key]) : $one[$key] <=> $other[$key];
            if ($order !== 0) {
                return $order;
            }
        }
        return 0;
    }

    /** How long `P1Y6M` or `P90D` is, in months and days. */
    private static function period(mixed $written): array
    {
        self::must(preg_match(self::PERIOD, self::text($written), $part) === 1);
        [$years, $months, $weeks, $days] = array_map('intval', array_slice($part, 1) + ['', '', '', '']);
        return [12 * $years + $months, 7 * $weeks + $days];
    }

    /** A word that is not known, and none, is material. */
    private static function severity(mixed $word): int
    {
        $found = array_search($word, self::SEVERITIES, true);
        return $found === false ? self::MATERIAL : $found;
    }

    /** A field, or `$default` where there is none: null is a value. */
    private static function field(\stdClass $object, string $key, mixed $default): mixed
    {
        return property_exists($object, $key) ? $object->$key : $default;
    }

    private static function optional(mixed $value, \Closure $read): mixed
    {
        return $value === null ? null : $read($value);
    }

    private static function object(mixed $value): \stdClass
    {
        self::must($value instanceof \stdClass);
        return $value;
    }

    private static function items(mixed $value): array
    {
        self::must(is_array($value) && array_is_list($value));
        return $value;
    }

    private static function text(mixed $value): string
    {
        self::must(is_string($value));
        return $value;
    }

    private static function texts(mixed $value): array
    {
        return array_map(self::text(...), self::items($value));
    }

    private static function matching(string $pattern, mixed $value): string
    {
        self::must(preg_match($pattern, self::text($value)) === 1);
        return $value;
    }

    /** A whole number as every language can hold it; 1.0 is 1. */
    private static function whole(mixed $value): int
    {
        self::must(is_int($value) || (is_float($value) && floor($value) === $value));
        self::must(abs($value) <= self::LARGEST);
        return (int) $value;
    }

    private static function moment(mixed $written): int
    {
        $found = self::instant($written);
        self::must($found !== null);
        return $found;
    }

    private static function must(bool $condition): void
    {
        if (!$condition) {
            throw new Unreadable();
        }
    }

    // Small change

    private static function rank(string $state): int
    {
        return array_search($state, self::STATES, true);
    }

    /** The rows behind one place in the sequence, up to another. */
    private static function between(array $rows, int|float $from, int|float $to): array
    {
        return array_values(array_filter($rows, static fn (array $row): bool => $row['sequence'] > $from && $row['sequence'] <= $to));
    }

    private static function first(array $rows, \Closure $is): ?array
    {
        foreach ($rows as $row) {
            if ($is($row)) {
                return $row;
            }
        }
        return null;
    }

    private static function last(array $rows, \Closure $is): ?array
    {
        return self::first(array_reverse($rows), $is);
    }

    /** Days from 1970 to a day of the Gregorian calendar, from the year 1 on. */
    private static function days(int $year, int $month, int $day): int
    {
        $year -= $month <= 2 ? 1 : 0; // from March on, the leap day is the last of a year
        $leaps = intdiv($year, 4) - intdiv($year, 100) + intdiv($year, 400);
        return 365 * $year + $leaps + intdiv(153 * ($month + ($month > 2 ? -3 : 9)) + 2, 5) + $day - 719_469;
    }

    /** The year, month and day that are so many days behind 1 January of the year 1. */
    private static function calendar(int $days): array
    {
        $days += 306; // from 1 March of the year 0
        $era = intdiv($days, 146_097);
        $rest = $days % 146_097;
        $year = intdiv($rest - intdiv($rest, 1460) + intdiv($rest, 36_524) - intdiv($rest, 146_096), 365);
        $day = $rest - (365 * $year + intdiv($year, 4) - intdiv($year, 100));
        $month = intdiv(5 * $day + 2, 153);
        return [
            400 * $era + $year + ($month > 9 ? 1 : 0),
            $month > 9 ? $month - 9 : $month + 3,
            $day - intdiv(153 * $month + 2, 5) + 1,
        ];
    }

    /** An instant in UTC, rounded up to the second. */
    private static function written(int $at): string
    {
        $second = intdiv(min($at, self::LAST) + 999 - self::FIRST, 1000); // from the year 1
        [$year, $month, $day] = self::calendar(intdiv($second, 86_400));
        $rest = $second % 86_400;
        $time = [intdiv($rest, 3600), intdiv($rest, 60) % 60, $rest % 60];
        return vsprintf('%04d-%02d-%02dT%02d:%02d:%02dZ', [$year, $month, $day, ...$time]);
    }
}

/** A manifest as `Review::prepare` reads it; `documents` is null where there was none. What is in it is of no use elsewhere. */
final class Prepared
{
    /** @param array<string, array<string, mixed>>|null $documents */
    public function __construct(
        public readonly ?array $documents,
        public readonly int $serial,
        public readonly int $epoch,
    ) {
    }
}

/** Something that has not the shape of its schema. */
final class Unreadable extends \UnexpectedValueException
{
}
