/** The desk's program: the commands that need no network, and nothing of the others. */
import { deskTable } from './desk-table.ts'
import { start } from './frame/start.ts'

await start(deskTable)
