'use client';

import 'inforce-client/element';
import type {PolicyReviewElement} from 'inforce-client/element';
import type {} from 'inforce-client/react';
import {useEffect, useRef, useState} from 'react';

export default function Policies() {
  const policies = useRef<PolicyReviewElement>(null), [state, setState] = useState('');
  useEffect(() => {
    const {review} = policies.current!, told = (event: CustomEvent<{state: string}>) => setState(event.detail.state);
    review.addEventListener('decision', told);
    return () => review.removeEventListener('decision', told);
  }, []);
  return (
    <>
      <p id="state">{state}</p>
      <policy-review ref={policies} hidden manifest="/policy-manifest.json" documents="privacy">
        <a href="/account/close">Close my account</a>
      </policy-review>
    </>
  );
}
