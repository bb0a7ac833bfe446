/** The bench as a page: measures in a worker, like the sealing itself, and leaves the figures as JSON in the document. */
const worker = new Worker(new URL('./sealing-page-worker.ts', import.meta.url), { type: 'module' })
worker.addEventListener('message', ({ data: figures }: MessageEvent<unknown>) => {
  document.body.textContent = JSON.stringify(figures)
  document.title = 'done'
})
worker.addEventListener('error', ({ message }) => {
  document.body.textContent = JSON.stringify({ error: message })
  document.title = 'done'
})
