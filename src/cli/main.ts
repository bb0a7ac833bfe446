import { start } from './start.ts'
import { commandTable } from './table.ts'

await start(commandTable)
