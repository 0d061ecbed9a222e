/**
 * De-identifies one DICOM object: read, check, gather, decide and carry out, assemble. Pure but for reading the source:
 * the outcome depends on the object's bytes, the profile and the key alone.
 */
import type { DeidProfileSpec } from '../../crds/v1alpha1/profile.ts';
import { DicomError } from '../dicom/dicom-error.ts';
import { type ParsedObject, type ParseLimits, parseObject } from '../dicom/parse.ts';
import type { Engine, EngineDecision, EngineRecord } from '../engine.ts';
import { type CompiledProfile, compileProfile } from '../profile/compile.ts';
import { isModalityTerm } from '../standards/modalities.ts';
import { uidFacts } from '../standards/uids.ts';
import type { Application } from './application.ts';
import { applyDataSet } from './apply.ts';
import { isAtRiskOfBurnedInText } from './at-risk-classes.ts';
import { collectIdentifyingValues } from './collect-identifying-values.ts';
import { contextOf, createEngineMemory, type EngineMemory } from './context-of.ts';
import { createKeyedPatients, type KeyedPatient } from './identity/keyed-patients.ts';
import type { KnownIdentity } from './identity/patient-identity.ts';
import type { ProjectKey } from './identity/project-key.ts';
import { createUidMap } from './identity/uid-map.ts';
import { insertStatements } from './method-statements.ts';
import { checkObject } from './object-checks.ts';
import { createObjectEditor } from './object-editor.ts';
import { gatherObjectFacts } from './object-facts.ts';
import { resolveObjectIdentity } from './object-identity.ts';
import { assembleOutput } from './object-output.ts';
import { createObjectTexts, type ObjectTexts } from './object-text.ts';
import { outputNames } from './output-names.ts';
import { cleanPixelContainer } from './pixel-container.ts';
import { rootScope } from './scope.ts';

/** What an engine is made of. */
export interface EngineOptions {
  /** A validated profile with its defaults filled in. */
  readonly profile: DeidProfileSpec;
  readonly key: ProjectKey;
  /** Modalities that the job selects; all where undefined. */
  readonly modalities?: readonly string[];
  readonly limits?: ParseLimits;
}

/**
 * Makes an engine. Compiling the profile happens once. What the engine remembers from one object to the next are values
 * of functions of the key and of one text: the order of objects changes nothing.
 */
export function createEngine(options: EngineOptions): Engine {
  const profile = compileProfile(options.profile);
  const mapUid = createUidMap(options.key, profile.uidRoot);
  const textOf = createObjectTexts(profile);
  const memory = createEngineMemory(profile);
  const modalities = options.modalities === undefined ? undefined : new Set(options.modalities);
  const keyed = createKeyedPatients(options.key, profile.patientIdentity, profile.maxShiftDays);
  const state: EngineState = { profile, keyed, mapUid, textOf, memory, modalities };
  return {
    deidentify: async (source) => {
      try {
        const parsed = await parseObject(source, options.limits);
        return await deidentifyParsed(parsed, state);
      } catch (error) {
        if (error instanceof DicomError) return { outcome: 'rejected', reason: error.code, at: error.at };
        throw error;
      }
    },
  };
}

interface EngineState {
  readonly profile: CompiledProfile;
  readonly keyed: (identity: KnownIdentity) => KeyedPatient;
  readonly mapUid: (uid: string) => string;
  readonly textOf: ObjectTexts;
  readonly memory: EngineMemory;
  readonly modalities: ReadonlySet<string> | undefined;
}

async function deidentifyParsed(parsed: ParsedObject, state: EngineState): Promise<EngineDecision> {
  const { profile, keyed, mapUid, memory } = state;
  const { body, dataSet } = parsed;
  const root = rootScope(dataSet, body, memory.paths);
  const facts = gatherObjectFacts(parsed, profile, state.modalities);
  const failure = checkObject(facts);
  if (failure !== undefined) return failure;

  const object = contextOf(parsed, root, profile, memory);
  const { sopClass } = object;
  const identity = resolveObjectIdentity(root, object, keyed, mapUid);
  if (identity.kind === 'rejected')
    return { outcome: 'rejected', reason: identity.reason, at: '(0010,0020)' };

  const editor = createObjectEditor();
  const app: Application = {
    object,
    editor,
    identity,
    text: state.textOf(collectIdentifyingValues(root, object), identity),
  };
  applyDataSet(root, app);
  const decisions = editor.decisions();
  const keepsPrivate = (decisions['private safe'] ?? 0) + (decisions['private declaredSafe'] ?? 0) > 0;
  // Insertions at one place stay in the order in which they were asked for: that of tags.
  identity.insertMissing(dataSet, editor);
  const methods = insertStatements(dataSet, profile, keepsPrivate, editor);
  const container = await cleanPixelContainer(parsed, editor);
  if (container.kind === 'uncleanable') {
    return { outcome: 'rejected', reason: 'UncleanablePixelData', at: container.at };
  }
  if (editor.rejection !== undefined) return { outcome: 'rejected', ...editor.rejection };

  const pixelsUnchecked = isAtRiskOfBurnedInText(facts);
  const record: EngineRecord = {
    decisions,
    methods,
    cleanups: container.cleanups,
    ...(uidFacts(sopClass) === undefined ? {} : { sopClass }),
    transferSyntax: parsed.transferSyntax.uid,
    ...(facts.modality !== undefined && isModalityTerm(facts.modality) ? { modality: facts.modality } : {}),
    ...(pixelsUnchecked ? { pixelsUnchecked } : {}),
  };
  const names = outputNames(root, editor.edits, body, {
    sopClass,
    patient: identity.pseudonym(root),
    mapUid,
  });
  const output = assembleOutput(parsed, editor.edits, names);
  if (facts.burnedInAnnotation === 'YES') {
    return { outcome: 'review', reason: 'BurnedInAnnotation', at: '(0028,0301)', output, record };
  }
  if (facts.showsSlideLabel) {
    return { outcome: 'review', reason: 'SlideLabel', at: '(0048,0010)', output, record };
  }
  if (pixelsUnchecked && profile.pixelsUnchecked === 'review') {
    return { outcome: 'review', reason: 'PixelsUnchecked', at: '(7FE0,0010)', output, record };
  }
  return { outcome: 'deidentified', output, record };
}
