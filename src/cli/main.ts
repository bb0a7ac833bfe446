import { start } from './frame/start.ts'
import { commandTable } from './table.ts'

await start(commandTable)
