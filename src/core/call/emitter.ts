import type { Bus } from '../bus.ts';
import type { EventMap, EventName } from '../registry.ts';
import type { EmitCallEvent } from './call.ts';
import type { CallSnapshot } from './snapshot.ts';

/** The one place that emits call events: the event, its mirror for the call in focus, and the sum. */
export function emitter(bus: Bus, now: () => CallSnapshot): EmitCallEvent {
  return (type, fields) => {
    const call = now();
    const payload = { ...fields, callId: call.id, call };
    // The names and payloads are those of one table; TypeScript cannot follow a joined key.
    const emit: (name: EventName, payload: EventMap[EventName]) => void = bus.emit;
    emit(`call.${type}`, payload);
    if (!call.isPrimary) return;
    emit(`call.primary.${type}`, payload);
    bus.emit('call.primary.update', { callId: call.id, call, type });
  };
}
