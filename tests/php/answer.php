<?php

// Answers cases, one a line of JSON, as the storefront's PHP does: one line of JSON for each.

declare(strict_types=1);

require __DIR__ . '/../../storefront/php/src/Review.php';
require __DIR__ . '/../../storefront/php/src/Copies.php';

use Inforce\Copies;
use Inforce\Review;

function answer(stdClass $case): mixed
{
    if (property_exists($case, 'written')) {
        return Review::instant($case->written);
    }
    if (property_exists($case, 'lists')) {
        return Review::merge(...$case->lists);
    }
    if (property_exists($case, 'offered')) {
        $held = $case->held === null ? null : Review::prepare($case->held);
        return Copies::refusal($held, Review::prepare($case->offered), $case->epoch ?? null);
    }
    $now = new DateTimeImmutable($case->now);
    $manifest = ($case->prepared ?? false) ? Review::prepare($case->manifest) : $case->manifest;
    return property_exists($case, 'documents')
        ? Review::all($manifest, $case->documents, $case->records, $now)
        : Review::state($manifest, $case->document, $case->records, $now);
}

set_error_handler(static fn (int $kind, string $what, string $file, int $line) => throw new ErrorException($what, 0, $kind, $file, $line));
while (($line = fgets(STDIN)) !== false) {
    $case = json_decode($line, false, 512, JSON_THROW_ON_ERROR);
    echo json_encode(answer($case), JSON_THROW_ON_ERROR | JSON_PRESERVE_ZERO_FRACTION | JSON_UNESCAPED_UNICODE), "\n";
}
