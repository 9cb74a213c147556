<?php

declare(strict_types=1);

namespace Inforce;

/**
 * The manifest at an address, as it was last known: fetched now and then, kept in a cache, decided by at any time.
 *
 * No visitor is held up for longer than `$timeout`, and one visitor in `$every` seconds at most, whatever becomes of the
 * policies' host: the last good copy stays. To hold up nobody, let cron call `poll`, and give null for `$every`.
 */
final class Policies
{
    private const LARGEST = 16_000_000; // bytes
    private readonly string $key;

    /**
     * @param object $cache a `FileCache`, or any cache of PSR-16 that outlives a request: `get(key)`, `set(key, value)`
     * @param int|null $every seconds after which the copy is asked for anew; null: by `poll` alone
     * @param float $timeout seconds that an answer may take, from the first byte to the last
     * @param int|null $epoch the only one whose manifests are gone by; null: the manifest says
     */
    public function __construct(
        private readonly string $url,
        private readonly object $cache,
        private readonly ?int $every = 300,
        private readonly float $timeout = 2.0,
        private readonly ?int $epoch = null,
        bool $insecure = false,
    ) {
        if (preg_match($insecure ? '~\Ahttps?://~' : '~\Ahttps://~', $url) !== 1) {
            throw new \InvalidArgumentException("$url is no address of https");
        }
        $this->key = 'inforce.' . sha1($url);
    }

    /**
     * What a customer has to do about one document, as `Review::state` says it.
     *
     * @param iterable<mixed> $records
     * @return array<string, mixed>
     */
    public function review(string $document, iterable $records, ?\DateTimeInterface $now = null): array
    {
        return Review::state($this->manifest(), $document, $records, $now ?? new \DateTimeImmutable());
    }

    /** The manifest gone by, decoded; null where none was ever had. */
    public function manifest(): ?\stdClass
    {
        [$asked, $text] = $this->kept();
        if ($this->every !== null && time() - $asked >= $this->every) {
            $this->poll();
            [, $text] = $this->kept();
        }
        return $text === null ? null : json_decode($text);
    }

    /** Ask for the manifest, and go by it if it may follow. Null where all went well, or what was wrong. */
    public function poll(): ?string
    {
        $this->keep($this->kept()[1]); // first of all, so that nobody else asks meanwhile
        $text = $this->fetch();
        if ($text === null) {
            return "$this->url: no answer";
        }
        [, $held] = $this->kept(); // another process may have a later one by now
        $offered = Review::prepare(json_decode($text));
        $before = $held === null ? null : Review::prepare(json_decode($held));
        $before = $before?->documents === null ? null : $before;
        $fault = $offered->documents === null ? 'no manifest' : Copies::refusal($before, $offered, $this->epoch);
        if ($fault === null) {
            $this->keep($text);
        }
        return $fault === null ? null : "$this->url: $fault";
    }

    /** When the manifest was asked for last, in seconds, and the copy's text. */
    private function kept(): array
    {
        $kept = json_decode((string) $this->cache->get($this->key), true);
        return [$kept['asked'] ?? 0, $kept['text'] ?? null];
    }

    private function keep(?string $text): void
    {
        $this->cache->set($this->key, json_encode(['asked' => time(), 'text' => $text], JSON_INVALID_UTF8_SUBSTITUTE));
    }

    private function fetch(): ?string
    {
        $end = microtime(true) + $this->timeout;
        $http = ['timeout' => $this->timeout, 'follow_location' => 0, 'header' => 'Accept: application/json'];
        $answer = @fopen($this->url, 'rb', false, stream_context_create(['http' => $http]));
        if ($answer === false) {
            return null;
        }
        $text = '';
        while (!feof($answer)) { // a time-out of PHP's is one of each read: whoever drips would never end
            $rest = $end - microtime(true);
            if ($rest <= 0 || strlen($text) > self::LARGEST) {
                return null;
            }
            stream_set_timeout($answer, (int) $rest, (int) (fmod($rest, 1) * 1e6));
            $text .= fread($answer, 65_536);
        }
        $isOk = str_contains(stream_get_meta_data($answer)['wrapper_data'][0] ?? '', ' 200');
        return $isOk ? $text : null;
    }
}

/** A cache in one folder: each value in a file, written beside it and renamed, so that no crash leaves half of one. */
final class FileCache
{
    public function __construct(private readonly string $folder)
    {
    }

    public function get(string $key, mixed $default = null): mixed
    {
        $found = @file_get_contents("$this->folder/$key");
        return $found === false ? $default : $found;
    }

    public function set(string $key, mixed $value): bool
    {
        $beside = @tempnam($this->folder, 'kept');
        return $beside !== false && file_put_contents($beside, $value) !== false && rename($beside, "$this->folder/$key");
    }
}
