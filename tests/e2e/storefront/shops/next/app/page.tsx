import {createPolicyReview} from 'inforce-client';
import Policies from './policies';

export const dynamic = 'force-dynamic';

// The server decides, too: for a customer of whom it has no records.
export default async function Page() {
  const store = {records: () => [], add: () => {}};
  const review = createPolicyReview({manifestUrl: process.env.MANIFEST!, documents: ['privacy'], store});
  const {state} = await review.check();
  return <main><h1>Shop</h1><p id="server">{state} {review.details('privacy')?.url}</p><Policies /></main>;
}
