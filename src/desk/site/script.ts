import { mandarinTable, surnameTable } from '../people/mandarin-table.ts'
import { searchCode } from './search-code.ts'

/**
 * Updates what depends on the day: the age of the page and the time left. Everything else works
 * without it. It makes no requests, stores nothing, and inserts text as text only. It never makes a
 * case look less urgent.
 */
export const dayScript = `
'use strict';
const today = Date.parse(new Date().toISOString().slice(0, 10));
const made = document.querySelector('[data-made]');
const age = Math.round((today - Date.parse(made.dataset.made)) / 864e5);
const tellDays = (element) => {
  const days = Math.round((Date.parse(element.dataset.ends) - today) / 864e5);
  if (age > 0 && Number.isFinite(days)) element.textContent = days === 0 ? 'last day' : days > 0 ? days + (days === 1 ? ' day left' : ' days left') : -days + (days === -1 ? ' day over' : ' days over');
};
if (age > 0) {
  const old = document.createElement('strong');
  old.className = 'late';
  old.textContent = ' These pages are ' + age + (age === 1 ? ' day old.' : ' days old.');
  made.append(old);
}
for (const element of document.querySelectorAll('[data-ends]')) tellDays(element);
for (const element of document.querySelectorAll('.meta[data-due]')) {
  if (Date.parse(element.dataset.due) < Date.now()) element.className = 'meta late';
}
`.trim()

const tables = JSON.stringify([mandarinTable, surnameTable])

/**
 * Filters a list by the desk's own search and by the fields. Draws rows from the data in portions.
 */
export const listScript = `
${searchCode}
{
  const findIn = deskSearch.makeSearch(...${tables});
  const form = document.querySelector('.filters');
  const rows = JSON.parse(document.querySelector('#data').textContent);
  const body = document.querySelector('.rows');
  const atOnce = body.children.length;
  const more = document.querySelector('#more');
  const count = document.querySelector('#count');
  const fields = [...form.querySelectorAll('input,select')];
  const search = form.querySelector('#search');
  const fitsField = {
    from: (facts, value) => facts.latest >= value,
    to: (facts, value) => facts.earliest !== '' && facts.earliest <= value,
  };
  const textOf = (node) => (typeof node === 'string' ? node : node.slice(2).map(textOf).join(' '));
  const draw = (node) => {
    if (typeof node === 'string') return node;
    const element = document.createElement(node[0]);
    for (const [name, value] of Object.entries(node[1])) element.setAttribute(name, value);
    element.append(...node.slice(2).map(draw));
    if (element.dataset.ends !== undefined) tellDays(element);
    return element;
  };
  let fitting = rows;
  const drawMore = () => {
    const start = body.children.length;
    body.append(...fitting.slice(start, start + atOnce).map(([, row]) => draw(row)));
    more.hidden = body.children.length === fitting.length;
  };
  let searched = null;
  const apply = () => {
    // Built at the first search, because thousands of rows take a while.
    if (search.value !== '') searched ??= rows.map(([facts, row]) => ({ text: facts.text ?? deskSearch.foldForSearch(textOf(row)), keys: facts.keys ?? [] }));
    const isFound = findIn(search.value);
    const wanted = fields.filter((field) => field !== search && field.value !== '').map(({ id, value }) => [value, id, fitsField[id]]);
    fitting = rows.filter(([facts], index) => (searched === null || isFound(searched[index])) && wanted.every(([value, id, fitsIt]) => (fitsIt ? fitsIt(facts, value) : String(facts[id]).split(' ').includes(value))));
    body.replaceChildren();
    drawMore();
    count.textContent = fitting.length === rows.length ? 'All ' + rows.length : fitting.length + ' of ' + rows.length;
  };
  let timer = 0;
  form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(apply, 60); });
  form.querySelector('button').addEventListener('click', () => { for (const field of fields) field.value = ''; apply(); search.focus(); });
  more.querySelector('button').addEventListener('click', drawMore);
  // Going back, a browser fills the fields in again.
  addEventListener('pageshow', () => { if (fields.some((field) => field.value !== '')) apply(); });
  form.hidden = false;
  more.hidden = rows.length === atOnce;
  count.textContent = 'All ' + rows.length;
}
`.trim()
