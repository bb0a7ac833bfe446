/**
 * What the day changes: how old the page is, how much time is left. All else is there without it. No request, no storage;
 * text goes in as text alone. Nothing becomes less urgent by it.
 */
export const dayScript = `
'use strict';
{
  const today = Date.parse(new Date().toISOString().slice(0, 10));
  const made = document.querySelector('[data-made]');
  const age = Math.round((today - Date.parse(made.dataset.made)) / 864e5);
  if (age > 0) {
    const old = document.createElement('strong');
    old.className = 'late';
    old.textContent = ' These pages are ' + age + (age === 1 ? ' day old.' : ' days old.');
    made.append(old);
    for (const element of document.querySelectorAll('[data-ends]')) {
      const days = Math.round((Date.parse(element.dataset.ends) - today) / 864e5);
      if (Number.isFinite(days)) element.textContent = days === 0 ? 'last day' : days > 0 ? days + (days === 1 ? ' day left' : ' days left') : -days + (days === -1 ? ' day over' : ' days over');
    }
  }
  for (const element of document.querySelectorAll('.meta[data-due]')) {
    if (Date.parse(element.dataset.due) < Date.now()) element.className = 'meta late';
  }
}
`.trim()

/** Looking through a list: every word, and what the fields say. */
export const listScript = `
{
  const form = document.querySelector('.filters');
  const rows = [...document.querySelectorAll('.rows > *')];
  let texts = null;
  const count = document.querySelector('#count');
  const fields = [...form.querySelectorAll('input,select')];
  const search = form.querySelector('#search');
  const fitsField = {
    from: (row, value) => row.dataset.latest >= value,
    to: (row, value) => row.dataset.earliest !== '' && row.dataset.earliest <= value,
  };
  const fold = (text) => text.normalize('NFKC').toLowerCase().replace(/\\p{Cf}+/gu, '');
  const apply = () => {
    // Not before somebody looks for a word: of thousands of rows it takes a while.
    if (search.value !== '') texts ??= rows.map((row) => row.dataset.text ?? fold(row.textContent));
    const words = fold(search.value).split(/\\s+/u).filter(Boolean);
    const wanted = fields.filter((field) => field !== search && field.value !== '').map(({ id, value }) => [value, id, fitsField[id]]);
    let shown = 0;
    rows.forEach((row, index) => {
      const fits = words.every((word) => texts[index].includes(word)) && wanted.every(([value, id, fitsIt]) => (fitsIt ? fitsIt(row, value) : row.dataset[id].split(' ').includes(value)));
      if (row.hidden === fits) row.hidden = !fits;
      if (fits) shown += 1;
    });
    count.textContent = shown === rows.length ? 'All ' + shown : shown + ' of ' + rows.length;
  };
  let timer = 0;
  form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(apply, 60); });
  form.querySelector('button').addEventListener('click', () => { for (const field of fields) field.value = ''; apply(); search.focus(); });
  // Going back, a browser fills the fields in again.
  addEventListener('pageshow', apply);
  form.hidden = false;
  apply();
}
`.trim()
