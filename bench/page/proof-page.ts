import { showFigures } from './show-figures.ts'

showFigures(new Worker(new URL('./proof-page-worker.ts', import.meta.url), { type: 'module' }))
