/** The `workerData` of a thread that runs this program's layer jobs. */
export const THREAD_MARK = 'exhume-layer-thread';
