/** The desk's program: only the commands that need no network. */
import { deskTable } from './desk-table.ts'
import { start } from './frame/start.ts'

await start(deskTable)
