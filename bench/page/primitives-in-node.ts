import { measurePrimitives } from './measure-primitives.ts'

console.log(JSON.stringify(measurePrimitives()))
