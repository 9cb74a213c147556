import type {Texts} from '../dialog.js';

declare const texts: Texts;
export default texts;
