/**
 * The bench as a page: measures in a worker, like the sealing itself, and writes the figures to the
 * document as JSON.
 */
export function showFigures(worker: Worker): void {
  worker.addEventListener('message', ({ data: figures }: MessageEvent<unknown>) => show(figures))
  worker.addEventListener('error', ({ message }) => show({ error: message }))
}

function show(figures: unknown): void {
  document.body.textContent = JSON.stringify(figures)
  document.title = 'done'
}
