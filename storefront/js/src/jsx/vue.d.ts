/** `<policy-review>` in Vue's templates and JSX: `import type {} from 'inforce-client/vue'` once in a project. */

import type {HTMLAttributes, ReservedProps} from 'vue';
import type {PolicyReviewAttributes} from '../element.js';

type Attributes = HTMLAttributes & PolicyReviewAttributes;

declare module 'vue' {
  interface GlobalComponents {
    'policy-review': new () => {$props: Attributes};
  }
}

declare module 'vue/jsx-runtime' {
  namespace JSX {
    interface IntrinsicElements {
      'policy-review': Attributes & ReservedProps;
    }
  }
}
