// axe's look at a page, in which its rules of colour are asked of one text of each kind; see accessibility.py.
// `known` are the kinds that were judged before; returned beside what was found are those that were judged now.
async ({everyText, colours, options, known}) => {
  if (!colours) return {found: found((await axe.run(options)).violations), judged: []};
  const PAINT = [
    'color', 'backgroundColor', 'backgroundImage', 'opacity', 'visibility', 'mixBlendMode', 'filter', 'clipPath',
    'fontSize', 'fontWeight', 'fontFamily', 'fontStyle', 'textShadow', 'textDecoration', 'webkitTextStrokeWidth',
    'webkitTextFillColor', 'borderTop', 'borderBottom', 'outline', 'display', 'position', 'zIndex', 'transform',
  ];
  const FIELDS = 'input, select, textarea';
  const looks = new Map(), digests = new Map();

  // Two times 32 bits of FNV-1a, so that a kind is the same on each page and short.
  const digest = (text) => {
    if (digests.has(text)) return digests.get(text);
    let [one, other] = [0x811c9dc5, 0x1b873593];
    for (let at = 0; at < text.length; at++) {
      one = Math.imul(one ^ text.charCodeAt(at), 0x01000193);
      other = Math.imul(other ^ text.charCodeAt(at), 0x85ebca6b);
    }
    const made = (one >>> 0).toString(36) + (other >>> 0).toString(36);
    digests.set(text, made);
    return made;
  };
  const asked = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) => matchMedia(query).matches);
  const sheets = [...document.styleSheets].map(({href, ownerNode}) => href ?? ownerNode.textContent);
  const root = {digest: digest([...asked, innerWidth, ...sheets].join('|')), grounded: true};

  // What only a page that is scrolled would move stays in the flow.
  const lifted = ({position, bottom}) => ['absolute', 'fixed'].includes(position)
    || (position === 'sticky' && (scrollY > 0 || bottom !== 'auto'));

  // How an element and all around it are painted, and whether these are certainly what lies behind it.
  const look = (element) => {
    if (!element) return root;
    if (looks.has(element)) return looks.get(element);
    const around = look(element.parentElement), style = getComputedStyle(element);
    const own = [around.digest, element.tagName, element.className, ...PAINT.map((name) => style[name])].join('|');
    const opaque = style.backgroundColor.startsWith('rgb(') && style.opacity === '1';
    const found = {digest: digest(own), grounded: opaque || (around.grounded && !lifted(style))};
    looks.set(element, found);
    return found;
  };
  const seen = new Set(known);
  const byKind = (elements, told) => {
    const kinds = new Map();
    for (const element of elements) {
      const {digest, grounded} = look(element), field = element.matches(FIELDS) ? element.outerHTML : '';
      const kind = [told.name, digest, ...told(element), field].join();
      if (everyText || !grounded) kinds.set(element, [element]);
      else if (kinds.has(kind)) kinds.get(kind).push(element);
      else if (!seen.has(kind)) kinds.set(kind, [element]);
    }
    return [...kinds];
  };
  const shown = (selector) =>
    [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility({visibilityProperty: true}));
  const words = (element) => [...element.childNodes].map((node) => (node.nodeType === 3 ? node.data.trim() : '')).join('');
  const painted = ({offsetWidth, offsetHeight}) => everyText || !(offsetWidth <= 1 && offsetHeight <= 1); // said alone
  const texts = shown('body, body *').filter((each) => (words(each) || each.matches(FIELDS)) && painted(each));

  axe.setup();
  const links = shown('a[href], [role=link]').filter((each) => axe.commons.dom.isInTextBlock(each) && each.innerText.trim());
  axe.teardown();

  // One of each kind at first, then all others of those that axe could not judge.
  const kinds = {
    'color-contrast': byKind(texts, function text(each) {
      return [words(each).length > 1, /[\p{L}\p{N}]/u.test(words(each))];
    }),
    'link-in-text-block': byKind(links, function link() { return []; }),
  };
  const marked = (id) => `data-axe-${id}`;
  axe.configure({rules: Object.keys(kinds).map((id) => ({id, selector: `[${marked(id)}]`}))});
  const judge = async (chosen, more) => {
    for (const [id, elements] of Object.entries(chosen)) elements.forEach((each) => each.setAttribute(marked(id), ''));
    const {violations, incomplete} = await axe.run({...more, elementRef: true, resultTypes: ['violations', 'incomplete']});
    for (const [id, elements] of Object.entries(chosen)) elements.forEach((each) => each.removeAttribute(marked(id)));
    const nodes = (results) => Object.fromEntries(results.map(({id, nodes}) => [id, nodes.map(({element}) => element)]));
    return {violations, wrong: nodes(violations), undecided: nodes(incomplete)};
  };
  const each = (choose) => Object.fromEntries(Object.entries(kinds).map(([id, all]) => [id, choose(all, id)]));
  if (options.runOnly && Object.values(kinds).every(({length}) => !length)) return {found: [], judged: []};
  const first = await judge(each((all) => all.map(([, [one]]) => one)), options);
  const left = each((all, id) =>
    all.filter(([, [one]]) => first.undecided[id]?.includes(one)).flatMap(([, [, ...more]]) => more));
  const others = Object.values(left).some(({length}) => length)
    ? await judge(left, {runOnly: Object.keys(kinds)})
    : {violations: []};
  const right = each((all, id) => all.filter(([kind, [one]]) =>
    typeof kind === 'string' && !first.undecided[id]?.includes(one) && !first.wrong[id]?.includes(one)));
  return {
    found: found([...first.violations, ...others.violations]),
    judged: Object.values(right).flat().map(([kind]) => kind),
  };

  function found(violations) {
    return violations.map(({nodes, ...rule}) => ({...rule, targets: nodes.map(({target}) => target.flat().join(' '))}));
  }
}
