/** What the engine tells while it works → how long each stage took, of one database at a time. */

/** A progress listener that fills the map, stage → milliseconds: a stage lasts until the next one begins. */
export function timeStages(stages) {
  let current = null;
  return (event) => {
    if (event.kind === 'notice') return;
    const now = performance.now();
    if (current !== null)
      stages.set(current.stage, (stages.get(current.stage) ?? 0) + now - current.startedAt);
    current = event.kind === 'stage-started' ? { stage: event.stage, startedAt: now } : null;
  };
}

export function describeStages(stages) {
  return [...stages].map(([stage, milliseconds]) => `${stage} ${inSeconds(milliseconds)}`).join(', ');
}

export function inSeconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
