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
    /** With TLS, or what this machine says to itself. */
    private const SAFE = '~\Ahttps://|\Ahttp://(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?(?:/|\z)~';
    private readonly string $key;

    /**
     * @param object $cache a `FileCache`, or any cache of PSR-16 that outlives a request: `get(key)`, `set(key, value)`
     * @param int|null $every seconds after which the copy is asked for anew; null: by `poll` alone
     * @param float $timeout seconds that an answer may take, from the name's look-up to the last byte
     * @param int|null $epoch the only one whose manifests are gone by; null: the manifest says
     * @param bool $insecure whether an address without TLS is asked, too, and not this machine's own alone
     * @throws \InvalidArgumentException for any other address
     */
    public function __construct(
        private readonly string $url,
        private readonly object $cache,
        private readonly ?int $every = 300,
        private readonly float $timeout = 2.0,
        private readonly ?int $epoch = null,
        bool $insecure = false,
    ) {
        if (preg_match($insecure ? '~\Ahttps?://~' : self::SAFE, $url) !== 1) {
            throw new \InvalidArgumentException("$url is no address of https. Write one, or allow it with insecure: true");
        }
        $this->key = 'inforce.' . sha1($url);
    }

    /**
     * What a customer has to do about one document, as `Review::state` says it.
     *
     * Of a document that the manifest lacks nobody is asked: the error log says so, once of each manifest.
     *
     * @param iterable<mixed> $records
     * @return array<string, mixed>
     */
    public function review(string $document, iterable $records, ?\DateTimeInterface $now = null): array
    {
        $manifest = $this->manifest();
        if ($manifest !== null && !isset($manifest->documents->$document) && !$this->cache->get("$this->key.missed")) {
            $named = addcslashes($document, "\0..\37\177"); // one line, whoever names it
            error_log("$this->url: There is no policy '$named', so nobody is asked about it");
            $this->cache->set("$this->key.missed", '1');
        }
        return Review::state($manifest, $document, $records, $now ?? new \DateTimeImmutable());
    }

    /** The manifest gone by, decoded; null where none was ever had. What a poll meets stands in the error log. */
    public function manifest(): ?\stdClass
    {
        // Asked in time to come means that the clock was wrong then.
        if ($this->every !== null && abs(time() - (int) $this->cache->get("$this->key.asked")) >= $this->every) {
            $problem = $this->poll();
            if ($problem !== null) {
                error_log($problem);
            }
        }
        return $this->kept();
    }

    /** Ask for the manifest, and go by it if it may follow. Null where all went well, or what was wrong. */
    public function poll(): ?string
    {
        if (!$this->cache->set("$this->key.asked", (string) time())) { // first of all, so that nobody else asks meanwhile
            return "$this->url: the cache keeps nothing, so the manifest is not asked for";
        }
        $text = $this->fetch();
        if ($text === null) {
            return "$this->url: no answer";
        }
        $held = Review::prepare($this->kept()); // read now: another process may have a later one by this time
        $offered = Review::prepare(json_decode($text));
        $before = $held->documents === null ? null : $held;
        $fault = $offered->documents === null ? 'no manifest' : Copies::refusal($before, $offered, $this->epoch);
        if ($fault !== null) {
            return "$this->url: $fault";
        }
        if ($text !== $this->cache->get($this->key)) {
            $this->cache->set("$this->key.missed", ''); // what this one lacks is yet to be said
        }
        return $this->cache->set($this->key, $text) ? null : "$this->url: the cache did not keep the manifest";
    }

    private function kept(): ?\stdClass
    {
        $kept = json_decode((string) $this->cache->get($this->key));
        $isOurs = $kept instanceof \stdClass && ($this->epoch === null || Review::prepare($kept)->epoch === $this->epoch);
        return $isOurs ? $kept : null;
    }

    private function fetch(): ?string
    {
        $text = '';
        $take = static function (\CurlHandle $_, string $part) use (&$text): int {
            $text .= $part;
            return strlen($text) > self::LARGEST ? -1 : strlen($part);
        };
        $asked = curl_init($this->url);
        curl_setopt_array($asked, [
            CURLOPT_PROTOCOLS => CURLPROTO_HTTPS | CURLPROTO_HTTP, // the constructor asked; no redirect is followed
            CURLOPT_TIMEOUT_MS => (int) ($this->timeout * 1000),
            CURLOPT_NOSIGNAL => true, // or a time-out of less than a second is none
            CURLOPT_ENCODING => '', // any that there is; what is counted is the text, unpacked
            CURLOPT_HTTPHEADER => ['Accept: application/json'],
            CURLOPT_WRITEFUNCTION => $take,
        ]);
        $isWhole = curl_exec($asked);
        $isAnswer = $isWhole && curl_getinfo($asked, CURLINFO_RESPONSE_CODE) === 200;
        return $isAnswer ? preg_replace('/\A\xEF\xBB\xBF/', '', $text) : null; // a byte order mark is no part of it
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
        $beside = "$this->folder/$key." . bin2hex(random_bytes(8)); // what `tempnam` makes, nobody else may read
        if (@file_put_contents($beside, $value) !== false && @rename($beside, "$this->folder/$key")) {
            return true;
        }
        @unlink($beside);
        return false;
    }
}
