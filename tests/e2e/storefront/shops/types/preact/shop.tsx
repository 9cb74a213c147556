import type {} from 'inforce-client/preact';

export const right = <policy-review hidden documents="privacy terms" epoch={2} customer="c-4711" class="policies" />;
// @ts-expect-error: documents are one text
export const wrong = <policy-review documents={['privacy']} />;
