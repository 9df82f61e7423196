/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of the wire: every enumeration of the API, its spelling in JSON and its label for
 * people. An enum value 0 is always "not known to this program"; whoever shows a value passes the
 * raw spelling to the label function, which gives an unknown spelling back unchanged. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  AC_ACTION_TYPE_UNKNOWN,
  AC_ACTION_TYPE_SOFT_DELETE_EMAIL,
  AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER,
  AC_ACTION_TYPE_QUARANTINE_EMAIL,
  AC_ACTION_TYPE_QUARANTINE_ATTACHMENT,
  AC_ACTION_TYPE_BLOCK_URL,
  AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING,
  AC_ACTION_TYPE_QUARANTINE_FILE,
} AcActionType;

typedef enum
{
  AC_STATUS_UNKNOWN,
  AC_STATUS_PENDING,
  AC_STATUS_QUEUED,
  AC_STATUS_RUNNING,
  AC_STATUS_COMPLETED,
  AC_STATUS_PARTLY_COMPLETED,
  AC_STATUS_FAILED,
  AC_STATUS_UNDO_QUEUED,
  AC_STATUS_UNDOING,
  AC_STATUS_UNDONE,
  AC_STATUS_UNDO_FAILED,
  AC_STATUS_REJECTED,
  AC_STATUS_EXPIRED,
  AC_STATUS_CANCELLED,
} AcStatus;

typedef enum
{
  AC_ENTITY_TYPE_UNKNOWN,
  AC_ENTITY_TYPE_EMAIL_MESSAGE,
  AC_ENTITY_TYPE_EMAIL_CLUSTER,
  AC_ENTITY_TYPE_ATTACHMENT,
  AC_ENTITY_TYPE_URL,
  AC_ENTITY_TYPE_MAILBOX,
  AC_ENTITY_TYPE_FILE,
  AC_ENTITY_TYPE_DEVICE,
} AcEntityType;

/* What of a URL is meant, and what may differ from it. */
typedef enum
{
  AC_URL_SCOPE_UNKNOWN,
  AC_URL_SCOPE_URL,       /* "url": this URL with this query */
  AC_URL_SCOPE_ANY_QUERY, /* "anyQuery": this URL with whatever query */
  AC_URL_SCOPE_HOST,      /* "host": everything on its host */
  AC_URL_SCOPE_DOMAIN,    /* "domain": everything on its host and on all names below it */
} AcUrlScope;

typedef enum
{
  AC_VERDICT_UNKNOWN_TO_US, /* a spelling this program does not know */
  AC_VERDICT_MALICIOUS,
  AC_VERDICT_SUSPICIOUS,
  AC_VERDICT_NO_THREATS_FOUND,
  AC_VERDICT_UNKNOWN, /* the investigation could not tell: "unknown" on the wire */
} AcVerdict;

typedef enum
{
  AC_SOURCE_UNKNOWN,
  AC_SOURCE_AUTOMATED_EMAIL,  /* "automatedEmail": proposed by an investigation of mail */
  AC_SOURCE_AUTOMATED_DEVICE, /* "automatedDevice" */
  AC_SOURCE_MANUAL,           /* "manual": an analyst, from the Explorer */
  AC_SOURCE_API,              /* "api": another program */
} AcSource;

/* What a person decides; POST /operations takes these. */
typedef enum
{
  AC_DECISION_UNKNOWN,
  AC_DECISION_APPROVE,
  AC_DECISION_REJECT,
  AC_DECISION_UNDO,
  AC_DECISION_RETRY,
} AcDecision;

/* Whether an action can be undone, and how far that has come. */
typedef enum
{
  AC_UNDO_STATE_UNKNOWN,
  AC_UNDO_STATE_NOT_UNDOABLE,
  AC_UNDO_STATE_UNDOABLE,
  AC_UNDO_STATE_UNDOING, /* decided, and not over */
  AC_UNDO_STATE_UNDONE,
  AC_UNDO_STATE_UNDO_FAILED,
} AcUndoState;

/* What was seen on the real system for one asset of an action. */
typedef enum
{
  AC_OUTCOME_UNKNOWN,
  AC_OUTCOME_MOVED,            /* "moved": moved by us */
  AC_OUTCOME_ALREADY_THERE,    /* "alreadyThere": already in the destination */
  AC_OUTCOME_NOT_FOUND,        /* "notFound": gone, or never there */
  AC_OUTCOME_MOVED_BY_OTHER,   /* "movedByOther": somebody else has moved it meanwhile */
  AC_OUTCOME_RESTORED,         /* "restored": undo has put it back and seen it there */
  AC_OUTCOME_ALREADY_RESTORED, /* "alreadyRestored": undo found it back in its place */
  AC_OUTCOME_FAILED,           /* "failed": not done; the detail says why */
  AC_OUTCOME_DONE,             /* "done": done by us, where nothing was moved */
  AC_OUTCOME_NOTHING_TO_DO,    /* "nothingToDo": all was as it should be */
  AC_OUTCOME_CONFLICT,         /* "conflict": not undone, for somebody has changed it since */
  AC_OUTCOME_NOT_REMEDIABLE,   /* "notRemediable": there, but nothing can be done to it */
} AcOutcome;

typedef enum
{
  AC_OPERATION_STATUS_UNKNOWN,
  AC_OPERATION_STATUS_RUNNING,
  AC_OPERATION_STATUS_FINISHED,
} AcOperationStatus;

typedef enum
{
  AC_INVESTIGATION_STATUS_UNKNOWN,
  AC_INVESTIGATION_STATUS_STARTING,
  AC_INVESTIGATION_STATUS_RUNNING,
  AC_INVESTIGATION_STATUS_NO_THREATS_FOUND,
  AC_INVESTIGATION_STATUS_PARTIALLY_INVESTIGATED,
  AC_INVESTIGATION_STATUS_PENDING_ACTION,
  AC_INVESTIGATION_STATUS_PARTIALLY_REMEDIATED,
  AC_INVESTIGATION_STATUS_REMEDIATED,
  AC_INVESTIGATION_STATUS_TERMINATED_BY_SYSTEM,
  AC_INVESTIGATION_STATUS_TERMINATED_BY_USER,
  AC_INVESTIGATION_STATUS_QUEUED_BY_THROTTLING,
  AC_INVESTIGATION_STATUS_TERMINATED_BY_THROTTLING,
  AC_INVESTIGATION_STATUS_FAILED,
} AcInvestigationStatus;

typedef enum
{
  AC_ROLE_UNKNOWN,
  AC_ROLE_READER,
  AC_ROLE_RESPONDER,
  AC_ROLE_DETECTOR,
  AC_ROLE_ADMIN,
  AC_ROLE_EMAIL_RESPONDER,
  AC_ROLE_DEVICE_RESPONDER,
} AcRole;

/* What a person who reports something thinks of it. */
typedef enum
{
  AC_ASSESSMENT_UNKNOWN,
  AC_ASSESSMENT_CLEAN,
  AC_ASSESSMENT_UNSURE,
  AC_ASSESSMENT_THREAT,
} AcAssessment;

typedef enum
{
  AC_THREAT_UNKNOWN,
  AC_THREAT_PHISH,
  AC_THREAT_MALWARE,
  AC_THREAT_SPAM,
} AcThreat;

typedef enum
{
  AC_SUBMISSION_STATE_UNKNOWN,
  AC_SUBMISSION_STATE_PENDING,
  AC_SUBMISSION_STATE_AGREED,
  AC_SUBMISSION_STATE_DISAGREED,
} AcSubmissionState;

/* What a submission does to a URL besides. */
typedef enum
{
  AC_LIST_ENTRY_UNKNOWN,
  AC_LIST_ENTRY_ALLOW,
  AC_LIST_ENTRY_BLOCK,
} AcListEntry;

typedef enum
{
  AC_PERMISSION_READ,                /* see actions, investigations, operations, changes */
  AC_PERMISSION_DECIDE,              /* approve, reject, undo, retry */
  AC_PERMISSION_POST_INVESTIGATIONS, /* propose */
  AC_PERMISSION_READ_AUDIT,
  AC_PERMISSION_JUDGE, /* say what came of a submission */
} AcPermission;

#define AC_N_PERMISSIONS (AC_PERMISSION_JUDGE + 1)

/* A vocabulary is one enumeration of the wire. */
typedef enum
{
  AC_VOCABULARY_NONE,
  AC_VOCABULARY_ACTION_TYPE,
  AC_VOCABULARY_STATUS,
  AC_VOCABULARY_ENTITY_TYPE,
  AC_VOCABULARY_VERDICT,
  AC_VOCABULARY_SOURCE,
  AC_VOCABULARY_DECISION,
  AC_VOCABULARY_OUTCOME,
  AC_VOCABULARY_OPERATION_STATUS,
  AC_VOCABULARY_INVESTIGATION_STATUS,
  AC_VOCABULARY_ROLE,
  AC_VOCABULARY_URL_SCOPE,
  AC_VOCABULARY_ASSESSMENT,
  AC_VOCABULARY_THREAT,
  AC_VOCABULARY_SUBMISSION_STATE,
  AC_VOCABULARY_LIST_ENTRY,
  AC_VOCABULARY_UNDO_STATE,
} AcVocabulary;

int ac_vocabulary_parse (AcVocabulary vocabulary, const char *wire);
const char *ac_vocabulary_wire (AcVocabulary vocabulary, int value);
const char *ac_vocabulary_label (AcVocabulary vocabulary, const char *wire);
char *ac_vocabulary_list (AcVocabulary vocabulary);
guint ac_vocabulary_size (AcVocabulary vocabulary);

#define ac_action_type_parse(wire)                                                                 \
  ((AcActionType)ac_vocabulary_parse (AC_VOCABULARY_ACTION_TYPE, (wire)))
#define ac_action_type_wire(value) ac_vocabulary_wire (AC_VOCABULARY_ACTION_TYPE, (value))
#define ac_status_parse(wire) ((AcStatus)ac_vocabulary_parse (AC_VOCABULARY_STATUS, (wire)))
#define ac_status_wire(value) ac_vocabulary_wire (AC_VOCABULARY_STATUS, (value))
#define ac_entity_type_parse(wire)                                                                 \
  ((AcEntityType)ac_vocabulary_parse (AC_VOCABULARY_ENTITY_TYPE, (wire)))
#define ac_entity_type_wire(value) ac_vocabulary_wire (AC_VOCABULARY_ENTITY_TYPE, (value))
#define ac_decision_parse(wire) ((AcDecision)ac_vocabulary_parse (AC_VOCABULARY_DECISION, (wire)))
#define ac_decision_wire(value) ac_vocabulary_wire (AC_VOCABULARY_DECISION, (value))
#define ac_outcome_parse(wire) ((AcOutcome)ac_vocabulary_parse (AC_VOCABULARY_OUTCOME, (wire)))
#define ac_outcome_wire(value) ac_vocabulary_wire (AC_VOCABULARY_OUTCOME, (value))
#define ac_role_parse(wire) ((AcRole)ac_vocabulary_parse (AC_VOCABULARY_ROLE, (wire)))
#define ac_url_scope_parse(wire) ((AcUrlScope)ac_vocabulary_parse (AC_VOCABULARY_URL_SCOPE, (wire)))
#define ac_undo_state_wire(value) ac_vocabulary_wire (AC_VOCABULARY_UNDO_STATE, (value))
#define ac_url_scope_wire(value) ac_vocabulary_wire (AC_VOCABULARY_URL_SCOPE, (value))
#define ac_role_wire(value) ac_vocabulary_wire (AC_VOCABULARY_ROLE, (value))

gboolean ac_role_may (AcRole role, AcPermission permission);
gboolean ac_role_may_decide (AcRole role, AcActionType type);
const char *ac_role_needed_to_decide (AcActionType type);
const char *ac_permission_needed_role (AcPermission permission);
const char *ac_permission_name (AcPermission permission);

G_END_DECLS
