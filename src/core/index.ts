/**
 * The core: everything a plugin or an application may use. It knows no plugin, no SIP library and
 * no template.
 */
export type { Bus, Listener, PatternListener } from './bus.ts';
export type {
  Call,
  CallOptions,
  CallSummary,
  FocusPolicy,
  KindOptions,
  MediaSource,
  SoundPath,
  SpacebarOptions,
} from './call/call.ts';
export type { AudioProcessor, ProcessedTrack } from './audio/processor.ts';
export type { AddOptions, Calls, PlaceCall } from './call/calls.ts';
export type { EndCause, LocalFailure } from './call/cause.ts';
export type {
  CallEndEvent,
  CallEvent,
  CallEventTable,
  CallEventType,
  CallEvents,
  ElementEvent,
  ReferEvent,
  SipCallEvent,
  TrackEvent,
  TransferEvent,
} from './call/events.ts';
export { checkHeaders } from './call/headers.ts';
export { identityOf } from './call/identity.ts';
export { parseReason } from './call/reasonHeader.ts';
export type { ReasonValue } from './call/reasonHeader.ts';
export { responseFor, sipResponses } from './call/responses.ts';
export type { Retry, SipResponse } from './call/responses.ts';
export type {
  AnswerOptions,
  DtmfOptions,
  EndOptions,
  MediaOptions,
  ReferAcceptOptions,
  ReferReport,
  ReferRequest,
  ReferResponse,
  RenderElements,
  RenegotiateOptions,
  SessionAnswer,
  SessionEnd,
  SessionFact,
  SipSession,
  TransferOptions,
} from './call/session.ts';
export type {
  ByKind,
  CallDirection,
  CallEnd,
  CallSnapshot,
  CallStatus,
  LocalVideo,
  Party,
  PendingOperation,
  ReferState,
  ReferStep,
  TransferState,
} from './call/snapshot.ts';
export type { Clock } from './clock.ts';
export { PhoneError, asPhoneError } from './errors.ts';
export type { ErrorCode, ErrorDetails, Problem } from './errors.ts';
export { clockTime, listed, spokenTime } from './formats.ts';
export type { Bundle, I18nOptions, Strings, Translator } from './i18n.ts';
export { placeOf } from './keyboard.ts';
export type { KeyListener, KeyPlace, Keyboard } from './keyboard.ts';
export { loadPart } from './loadPart.ts';
export type { LogLevel, LogLine, LogOptions, LogSink, Logger } from './logger.ts';
export { mediaError } from './mediaError.ts';
export { newId } from './newId.ts';
export { withDefaults } from './options.ts';
export { createPhone } from './phone.ts';
export type { Listeners, Phone, PhoneCore, PhoneOptions, PhoneWith } from './phone.ts';
export { definePlugin } from './plugin.ts';
export type {
  CommonOptions,
  ConfiguredPlugin,
  DeepPartial,
  OwnEvent,
  PluginContext,
  PluginFactory,
  PluginSpec,
  PluginView,
  PluginViewHandle,
} from './plugin.ts';
export type { EventMap, EventName, PhoneEvents, PluginName, PluginRegistry } from './registry.ts';
export { callSchema, commonSchema, rootSchema } from './rootSchema.ts';
/** Builders for the schema of a plugin's options. */
export * as schema from './schema.ts';
export type { AnySchema, Schema } from './schema.ts';
export type { Off } from './scope.ts';
export { endSentence, errorSentence, isolated } from './sentences.ts';
export type { Memory, StoragePort } from './storage.ts';
export { createStore } from './store.ts';
export type { Store } from './store.ts';
export { forParser } from './view/html.ts';
export type { Action, ActionInput, BindElement, Fact, RenderTarget } from './view/types.ts';
