import type {} from 'inforce-client/react';
import 'inforce-client/element';
import {StrictMode, useEffect, useRef, useState} from 'react';
import {createRoot} from 'react-dom/client';
import type {PolicyReviewElement} from 'inforce-client/element';

function Shop() {
  const policies = useRef<PolicyReviewElement>(null), [state, setState] = useState('');
  useEffect(() => {
    const {review} = policies.current!, told = (event: CustomEvent<{state: string}>) => setState(event.detail.state);
    review.addEventListener('decision', told);
    return () => review.removeEventListener('decision', told);
  }, []);
  return (
    <main>
      <h1>Shop</h1>
      <p id="state">{state}</p>
      <button onClick={() => policies.current!.open()}>Our policies</button>
      <policy-review ref={policies} hidden manifest="/policy-manifest.json" documents="privacy" language="de">
        <a href="/account/close">Close my account</a>
      </policy-review>
    </main>
  );
}

createRoot(document.getElementById('root')!).render(<StrictMode><Shop /></StrictMode>);
