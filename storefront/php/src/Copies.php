<?php

declare(strict_types=1);

namespace Inforce;

/**
 * Which of two copies of the manifest to go by: what was once published stays, and only a later one may follow.
 *
 * The rules stand in the documentation ("When copies disagree"), and their cases in `vectors/copies.json`.
 */
final class Copies
{
    private const LARGEST = 1_000_000;
    private const JUMP = 10_000;
    /** What the digest of a version's file vouches for, but its clauses' titles, which are made of it. */
    private const FACTS = [
        'version', 'sequence', 'announced', 'effective', 'severity', 'need', 'language', 'summary', 'amends', 'accept_by',
        'reconfirm',
    ];

    /**
     * Why `$offered` is not to be gone by after `$held`: epoch, serial or rewritten; null where it is.
     *
     * `$epoch` is the one that the shop names, null where it leaves that to the manifest.
     */
    public static function refusal(?Prepared $held, Prepared $offered, ?int $epoch = null): ?string
    {
        if ($epoch !== null && $offered->epoch !== $epoch) {
            return 'epoch';
        }
        $before = $epoch === null || $held?->epoch === $epoch ? $held : null;
        if (!self::follows($before, $offered)) {
            return 'serial';
        }
        return $before !== null && !self::keeps($before, $offered) ? 'rewritten' : null;
    }

    /** By (epoch, serial), and no further up than a site could come between two looks. */
    private static function follows(?Prepared $held, Prepared $offered): bool
    {
        $isSmall = static fn (int $number): bool => $number >= 0 && $number <= self::LARGEST;
        if (!$isSmall($offered->epoch) || ($held !== null && $offered->epoch > $held->epoch + 1)) {
            return false;
        }
        if ($held === null || $offered->epoch > $held->epoch) {
            return $isSmall($offered->serial);
        }
        return $offered->epoch === $held->epoch && $offered->serial >= $held->serial
            && $offered->serial <= $held->serial + self::JUMP;
    }

    /** Whether all that was seen stands there still. */
    private static function keeps(Prepared $held, Prepared $offered): bool
    {
        foreach ($held->documents as $id => $was) {
            $now = $offered->documents[$id] ?? null;
            if ($now === null || !self::keepsVersions($was, $now) || !self::keepsChain($was, $now)) {
                return false;
            }
        }
        $rise = self::files($offered) - self::files($held);
        return $offered->epoch !== $held->epoch || is_nan($rise) || $rise <= $offered->serial - $held->serial;
    }

    /** The versions first and as they were: what is withdrawn stays so, and those of one text keep that. */
    private static function keepsVersions(array $was, array $now): bool
    {
        foreach ($was['versions'] as $place => $row) {
            $same = $now['versions'][$place] ?? null;
            if ($same === null || self::facts($row) !== self::facts($same) || ($row['withdrawn'] && !$same['withdrawn'])
                || $row['digests'][0] !== $same['digests'][0]
                || array_diff_assoc($row['translations'], $same['translations']) !== []
                || self::text($was, $row) !== self::text($now, $same)) {
                return false;
            }
        }
        return true;
    }

    /** Nothing but an event withdraws a version, or retires a policy, and what was in the chain stays in it. */
    private static function keepsChain(array $was, array $now): bool
    {
        $chain = [...$now['events'], ...array_map(static fn (array $row): string => $row['digests'][0], $now['versions'])];
        foreach ([...$was['events'], ...($was['head'] ? [$was['head'], $now['head']] : [])] as $digest) {
            if (!in_array($digest, $chain, true)) {
                return false;
            }
        }
        $gone = static fn (array $policy): int => count($policy['versions']) - count($policy['standing']);
        $ended = $gone($now) - $gone($was) + ($now['retired'] !== $was['retired'] ? 1 : 0);
        return $ended <= count($now['events']) - count($was['events']);
    }

    private static function facts(array $row): array
    {
        $changes = array_map(static fn (array $change): array => ['title' => ''] + $change, $row['changes']);
        return [...array_map(static fn (string $key): mixed => $row[$key], self::FACTS), $changes];
    }

    /** Where a version's text stood first: only those that share one need to tell it. */
    private static function text(array $policy, array $row): int
    {
        return array_search($row['text_digest'], array_column($policy['versions'], 'text_digest'), true);
    }

    /** How many files the chains have; NAN where not every chain is told of. */
    private static function files(Prepared $copy): float
    {
        $sum = 0.0;
        foreach ($copy->documents as $policy) {
            $sum += $policy['head'] ? count($policy['versions']) + count($policy['events']) : NAN;
        }
        return $sum;
    }
}
