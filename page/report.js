'use strict';
// Finding one's way in a report: a filter, keys, and what is printed. Without it the page says the same.
(() => {
  const filter = document.getElementById('filter');
  const failing = document.getElementById('failing');
  const shown = document.getElementById('shown');
  const rows = [...document.querySelectorAll('tr.state')].map((row) => ({
    row,
    text: row.firstElementChild.textContent.toLowerCase(),
    isFailed: row.classList.contains('fail'),
    details: document.getElementById(row.querySelector('a').getAttribute('href').slice(1)),
  }));

  function open(details) {
    details.open = true;
    details.scrollIntoView();
    details.querySelector('summary').focus();
  }

  function openNamed() {
    // Not decoded: ids of ours need no decoding, and decoding throws where an address is malformed.
    const details = document.getElementById(location.hash.slice(1));
    if (details instanceof HTMLDetailsElement) open(details);
  }

  addEventListener('hashchange', openNamed);
  openNamed();

  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll('details.change')) details.open = true;
    for (const { isFailed, details } of rows) if (isFailed) details.open = true;
  });

  if (filter === null) return;

  function apply() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let number = 0;
    for (const { row, text, isFailed, details } of rows) {
      const isHidden = (failing.checked && !isFailed) || !words.every((word) => text.includes(word));
      row.hidden = isHidden;
      details.hidden = isHidden;
      if (!isHidden) number += 1;
    }
    shown.textContent = number === rows.length ? '' : `${number} of ${rows.length}`;
  }

  filter.addEventListener('input', apply);
  failing.addEventListener('change', apply);
  // A browser that goes back fills the fields again.
  addEventListener('pageshow', apply);

  function move(step) {
    const visible = rows.filter(({ row }) => !row.hidden).map(({ row }) => row);
    const place = visible.indexOf(document.activeElement);
    const next = visible[place === -1 ? (step > 0 ? 0 : visible.length - 1) : place + step];
    next?.focus();
  }

  const keys = {
    '/': () => filter.focus(),
    f: () => failing.click(),
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
  };

  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = document.activeElement;
    if (target === filter) {
      if (event.key === 'Escape') filter.blur();
      return;
    }
    const onRow = rows.find(({ row }) => row === target);
    if (event.key === 'Enter' && onRow !== undefined) {
      event.preventDefault();
      open(onRow.details);
      return;
    }
    // Arrows scroll the page, but for whoever is in the matrix already.
    if (event.key.startsWith('Arrow') && onRow === undefined) return;
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
})();
