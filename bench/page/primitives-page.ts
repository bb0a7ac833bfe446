import { showFigures } from './show-figures.ts'

showFigures(new Worker(new URL('./primitives-page-worker.ts', import.meta.url), { type: 'module' }))
