import { serveChunks } from './serve-chunks.ts'

void serveChunks(globalThis as unknown as Parameters<typeof serveChunks>[0])
