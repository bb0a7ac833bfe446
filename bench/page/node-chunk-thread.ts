import { parentPort } from 'node:worker_threads'
import { serveChunks } from '../../src/page/sealing/serve-chunks.ts'

void serveChunks({
  postMessage: (message, transfer) => parentPort?.postMessage(message, transfer),
  addEventListener: (_type, listener) =>
    void parentPort?.on('message', (data) => listener({ data })),
})
