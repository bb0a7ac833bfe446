import { measurePrimitives } from './measure-primitives.ts'

postMessage(measurePrimitives())
