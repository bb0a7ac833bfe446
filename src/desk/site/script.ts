/**
 * Of every page: what the day changes, and looking through the list. All else is there without it. No request, no
 * storage; text goes in as text alone.
 */
export const script = `
'use strict';
for (const element of document.querySelectorAll('[data-ends]')) {
  const days = Math.round((Date.parse(element.dataset.ends) - Date.parse(new Date().toISOString().slice(0, 10))) / 864e5);
  if (Number.isFinite(days)) element.textContent = days >= 0 ? days + (days === 1 ? ' day left' : ' days left') : days === -1 ? 'over since yesterday' : 'over for ' + -days + ' days';
}
for (const element of document.querySelectorAll('[data-due]')) {
  if (Date.parse(element.dataset.due) < Date.now()) element.hidden = false;
}
const form = document.querySelector('.filters');
if (form !== null) {
  form.hidden = false;
  const rows = [...document.querySelectorAll('.rows tr')];
  const texts = rows.map((row) => row.dataset.text);
  const count = document.querySelector('#count');
  const valueOf = (id) => form.querySelector('#' + id).value;
  const apply = () => {
    const words = valueOf('search').normalize('NFKC').toLowerCase().split(/\\s+/u).filter(Boolean);
    const [tier, status, minor, from, to] = ['tier', 'status', 'minor', 'from', 'to'].map(valueOf);
    let shown = 0;
    rows.forEach((row, index) => {
      const { dataset } = row;
      const fits = words.every((word) => texts[index].includes(word)) && (tier === '' || dataset.tier === tier) && (status === '' || dataset.status === status) &&
        (minor === '' || dataset.minor === minor) && (from === '' || dataset.latest >= from) && (to === '' || (dataset.earliest !== '' && dataset.earliest <= to));
      if (row.hidden === fits) row.hidden = !fits;
      if (fits) shown += 1;
    });
    count.textContent = shown + ' of ' + rows.length + ' cases';
  };
  let timer = 0;
  form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(apply, 60); });
  apply();
}
`.trim()
