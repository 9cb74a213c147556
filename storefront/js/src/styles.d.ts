/** The dialog's style sheet. */
declare const styles: string;
export default styles;
