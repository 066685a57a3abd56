/** What `workerData` holds in a thread that does this program's layer jobs. */
export const THREAD_MARK = 'exhume-layer-thread';
