/** `<policy-review>` in React 19's JSX: `import type {} from 'inforce-client/react'` once in a project. */

import type {DetailedHTMLProps, HTMLAttributes} from 'react';
import type {PolicyReviewAttributes, PolicyReviewElement} from '../element.js';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'policy-review': DetailedHTMLProps<HTMLAttributes<PolicyReviewElement>, PolicyReviewElement> & PolicyReviewAttributes;
    }
  }
}
