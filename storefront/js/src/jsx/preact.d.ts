/** `<policy-review>` in Preact's JSX: `import type {} from 'inforce-client/preact'` once in a project. */

import type {HTMLAttributes} from 'preact';
import type {PolicyReviewAttributes, PolicyReviewElement} from '../element.js';

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'policy-review': HTMLAttributes<PolicyReviewElement> & PolicyReviewAttributes;
    }
  }
}
