// axe's look at a page, in which its rules of colour are asked of one text of each kind; see accessibility.py.
async ({everyText, colours, options}) => {
  if (!colours) return found((await axe.run(options)).violations);
  const PAINT = [
    'color', 'backgroundColor', 'backgroundImage', 'opacity', 'visibility', 'mixBlendMode', 'filter', 'clipPath',
    'fontSize', 'fontWeight', 'fontFamily', 'fontStyle', 'textShadow', 'textDecoration', 'webkitTextStrokeWidth',
    'webkitTextFillColor', 'borderTop', 'borderBottom', 'outline', 'display', 'position', 'zIndex', 'transform',
  ];
  const LIFTED = ['absolute', 'fixed', 'sticky'], FIELDS = 'input, select, textarea';
  const numbers = new Map(), looks = new Map();

  // How an element and all around it are painted, as a number, and whether these are certainly what lies behind it.
  const look = (element) => {
    if (!element) return {number: -1, grounded: true};
    if (looks.has(element)) return looks.get(element);
    const {number, grounded} = look(element.parentElement), style = getComputedStyle(element);
    const own = [number, element.tagName, element.className, ...PAINT.map((name) => style[name])].join('|');
    if (!numbers.has(own)) numbers.set(own, numbers.size);
    const opaque = style.backgroundColor.startsWith('rgb(') && style.opacity === '1';
    const found = {number: numbers.get(own), grounded: opaque || (grounded && !LIFTED.includes(style.position))};
    looks.set(element, found);
    return found;
  };
  const byKind = (elements, told) => {
    const kinds = new Map();
    for (const element of elements) {
      const {number, grounded} = look(element), alone = everyText || !grounded || element.matches(FIELDS);
      const kind = [number, alone ? kinds.size : '', told(element)].join();
      if (kinds.has(kind)) kinds.get(kind).push(element);
      else kinds.set(kind, [element]);
    }
    return [...kinds.values()];
  };
  const shown = (selector) =>
    [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility({visibilityProperty: true}));
  const words = (element) => [...element.childNodes].map((node) => (node.nodeType === 3 ? node.data.trim() : '')).join('');
  const texts = shown('body, body *').filter((each) => words(each) || each.matches(FIELDS));

  axe.setup();
  const links = shown('a[href], [role=link]').filter((each) => axe.commons.dom.isInTextBlock(each) && each.innerText.trim());
  axe.teardown();

  // One of each kind at first, then all others of those that axe could not judge.
  const kinds = {
    'color-contrast': byKind(texts, (text) => [words(text).length > 1, /[\p{L}\p{N}]/u.test(words(text))]),
    'link-in-text-block': byKind(links, () => ''),
  };
  const marked = (id) => `data-axe-${id}`;
  axe.configure({rules: Object.keys(kinds).map((id) => ({id, selector: `[${marked(id)}]`}))});
  const judged = async (chosen, more) => {
    for (const [id, elements] of Object.entries(chosen)) elements.forEach((each) => each.setAttribute(marked(id), ''));
    const {violations, incomplete} = await axe.run({...more, elementRef: true, resultTypes: ['violations', 'incomplete']});
    for (const [id, elements] of Object.entries(chosen)) elements.forEach((each) => each.removeAttribute(marked(id)));
    const undecided = {};
    for (const {id, nodes} of incomplete) undecided[id] = nodes.map(({element}) => element);
    return {violations, undecided};
  };
  const each = (choose) => Object.fromEntries(Object.entries(kinds).map(([id, all]) => [id, choose(all, id)]));
  const first = await judged(each((all) => all.map(([one]) => one)), options);
  const left = each((all, id) => all.filter(([one]) => first.undecided[id]?.includes(one)).flatMap(([, ...more]) => more));
  const others = Object.values(left).some(({length}) => length)
    ? await judged(left, {runOnly: Object.keys(kinds)})
    : {violations: []};
  return found([...first.violations, ...others.violations]);

  function found(violations) {
    return violations.map(({nodes, ...rule}) => ({...rule, targets: nodes.map(({target}) => target.flat().join(' '))}));
  }
}
