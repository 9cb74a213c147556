/** `<policy-review>` in Vue's templates: `import type {} from 'inforce-client/vue'` once in a project. */

import type {HTMLAttributes} from 'vue';
import type {PolicyReviewAttributes} from '../element.js';

declare module 'vue' {
  interface GlobalComponents {
    'policy-review': new () => {$props: HTMLAttributes & PolicyReviewAttributes};
  }
}
