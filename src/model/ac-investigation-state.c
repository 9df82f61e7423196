/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/ac-investigation-state.h"

typedef struct
{
  const char *state;
  AcInvestigationStatus status; /* UNKNOWN: it says nothing about the examination */
  const char *label;
} State;

/* How detectors of other makers spell how far they are. What is not in our own words keeps a label
 * of its own, for it says more than the status it leads to. */
static const State states[] = {
  { "Unknown", AC_INVESTIGATION_STATUS_UNKNOWN, N_ ("Unknown") },
  { "Terminated", AC_INVESTIGATION_STATUS_TERMINATED_BY_SYSTEM, N_ ("Terminated") },
  { "SuccessfullyRemediated", AC_INVESTIGATION_STATUS_REMEDIATED, N_ ("Remediated") },
  { "Benign", AC_INVESTIGATION_STATUS_NO_THREATS_FOUND, N_ ("No threats found") },
  { "Failed", AC_INVESTIGATION_STATUS_FAILED, N_ ("Failed") },
  { "PartiallyRemediated", AC_INVESTIGATION_STATUS_PARTIALLY_REMEDIATED,
    N_ ("Partially remediated") },
  { "Running", AC_INVESTIGATION_STATUS_RUNNING, N_ ("Running") },
  { "PendingApproval", AC_INVESTIGATION_STATUS_PENDING_ACTION, N_ ("Pending action") },
  { "PendingResource", AC_INVESTIGATION_STATUS_RUNNING, N_ ("Waiting for a device") },
  { "PartiallyInvestigated", AC_INVESTIGATION_STATUS_PARTIALLY_INVESTIGATED,
    N_ ("Partially investigated") },
  { "TerminatedByUser", AC_INVESTIGATION_STATUS_TERMINATED_BY_USER, N_ ("Terminated by user") },
  { "TerminatedBySystem", AC_INVESTIGATION_STATUS_TERMINATED_BY_SYSTEM,
    N_ ("Terminated by system") },
  { "Queued", AC_INVESTIGATION_STATUS_QUEUED_BY_THROTTLING, N_ ("Queued") },
  { "InnerFailure", AC_INVESTIGATION_STATUS_FAILED, N_ ("Failed inside") },
  { "PreexistingAlert", AC_INVESTIGATION_STATUS_TERMINATED_BY_SYSTEM, N_ ("Preexisting alert") },
  { "UnsupportedOs", AC_INVESTIGATION_STATUS_FAILED, N_ ("Operating system not supported") },
  { "UnsupportedAlertType", AC_INVESTIGATION_STATUS_FAILED, N_ ("Alert type not supported") },
  { "SuppressedAlert", AC_INVESTIGATION_STATUS_TERMINATED_BY_SYSTEM, N_ ("Alert suppressed") },
};

static const State *
find_state (const char *state)
{
  /* Both spellings occur: "PendingApproval" and "pendingApproval". */
  for (guint i = 0; state != NULL && i < G_N_ELEMENTS (states); i++)
    if (g_ascii_strcasecmp (states[i].state, state) == 0)
      return &states[i];
  return NULL;
}

static AcInvestigationStatus
status_of_state (const char *state)
{
  int own = ac_vocabulary_parse (AC_VOCABULARY_INVESTIGATION_STATUS, state);
  const State *other = own == 0 ? find_state (state) : NULL;

  return other != NULL ? other->status : (AcInvestigationStatus)own;
}

/**
 * ac_investigation_state_is_known:
 *
 * Returns: whether a detector may say this of its examination: a status of ours, or one of the
 * spellings that other makers have, in small or capital letters.
 */
gboolean
ac_investigation_state_is_known (const char *state)
{
  return ac_vocabulary_parse (AC_VOCABULARY_INVESTIGATION_STATUS, state) != 0 ||
         find_state (state) != NULL;
}

/**
 * ac_investigation_state_list:
 *
 * Returns: (transfer full): all that ac_investigation_state_is_known() takes, for messages.
 */
char *
ac_investigation_state_list (void)
{
  g_autofree char *own = ac_vocabulary_list (AC_VOCABULARY_INVESTIGATION_STATUS);
  GString *list = g_string_new (own);

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    g_string_append_printf (list, ", %s", states[i].state);
  return g_string_free (list, FALSE);
}

/**
 * ac_investigation_state_label:
 * @state: (nullable): a status, or a state as a detector has spelled it
 *
 * Returns: (nullable): the translated label for people; what is not known as it is.
 */
const char *
ac_investigation_state_label (const char *state)
{
  const State *other;

  if (ac_vocabulary_parse (AC_VOCABULARY_INVESTIGATION_STATUS, state) != 0)
    return ac_vocabulary_label (AC_VOCABULARY_INVESTIGATION_STATUS, state);
  other = find_state (state);
  return other != NULL ? _ (other->label) : state;
}

/**
 * ac_investigation_derive_status:
 *
 * What waits for a person comes first, whatever has become of the examination; then what the
 * detector says of an examination that goes on or was broken off; then what was decided. Failures
 * of approved actions do not alter it: they are seen at the actions.
 *
 * Returns: the status of an investigation with these sums.
 */
AcInvestigationStatus
ac_investigation_derive_status (const AcInvestigationSums *sums)
{
  AcInvestigationStatus said = status_of_state (sums->state);

  if (sums->n_pending > 0)
    return sums->n_approved > 0 ? AC_INVESTIGATION_STATUS_PARTIALLY_REMEDIATED
                                : AC_INVESTIGATION_STATUS_PENDING_ACTION;
  switch (said)
    {
    case AC_INVESTIGATION_STATUS_STARTING:
    case AC_INVESTIGATION_STATUS_RUNNING:
    case AC_INVESTIGATION_STATUS_QUEUED_BY_THROTTLING:
    case AC_INVESTIGATION_STATUS_TERMINATED_BY_SYSTEM:
    case AC_INVESTIGATION_STATUS_TERMINATED_BY_USER:
    case AC_INVESTIGATION_STATUS_TERMINATED_BY_THROTTLING:
    case AC_INVESTIGATION_STATUS_FAILED:
      return said;
    case AC_INVESTIGATION_STATUS_NO_THREATS_FOUND:
    case AC_INVESTIGATION_STATUS_PARTIALLY_INVESTIGATED:
    case AC_INVESTIGATION_STATUS_PARTIALLY_REMEDIATED:
    case AC_INVESTIGATION_STATUS_REMEDIATED:
      if (sums->n_actions == 0)
        return said;
      break;
    case AC_INVESTIGATION_STATUS_PENDING_ACTION: /* nothing waits, whatever it says */
    case AC_INVESTIGATION_STATUS_UNKNOWN:
    default:
      break;
    }
  if (sums->n_actions == 0)
    return sums->threatening ? AC_INVESTIGATION_STATUS_PARTIALLY_INVESTIGATED
                             : AC_INVESTIGATION_STATUS_NO_THREATS_FOUND;
  return sums->n_expired > 0 ? AC_INVESTIGATION_STATUS_TERMINATED_BY_SYSTEM
                             : AC_INVESTIGATION_STATUS_REMEDIATED;
}

/**
 * ac_investigation_status_is_final:
 *
 * Returns: whether nothing more is expected to happen by itself; the investigation has ended.
 */
gboolean
ac_investigation_status_is_final (AcInvestigationStatus status)
{
  switch (status)
    {
    case AC_INVESTIGATION_STATUS_NO_THREATS_FOUND:
    case AC_INVESTIGATION_STATUS_PARTIALLY_INVESTIGATED:
    case AC_INVESTIGATION_STATUS_REMEDIATED:
    case AC_INVESTIGATION_STATUS_TERMINATED_BY_SYSTEM:
    case AC_INVESTIGATION_STATUS_TERMINATED_BY_USER:
    case AC_INVESTIGATION_STATUS_TERMINATED_BY_THROTTLING:
    case AC_INVESTIGATION_STATUS_FAILED:
      return TRUE;
    case AC_INVESTIGATION_STATUS_STARTING:
    case AC_INVESTIGATION_STATUS_RUNNING:
    case AC_INVESTIGATION_STATUS_PENDING_ACTION:
    case AC_INVESTIGATION_STATUS_PARTIALLY_REMEDIATED:
    case AC_INVESTIGATION_STATUS_QUEUED_BY_THROTTLING:
    case AC_INVESTIGATION_STATUS_UNKNOWN:
    default:
      return FALSE;
    }
}

/**
 * ac_investigation_status_explanation:
 * @status: (nullable): as it is spelled on the wire
 *
 * Returns: (nullable): a translated sentence that says what the status means for a person.
 */
const char *
ac_investigation_status_explanation (const char *status)
{
  switch ((AcInvestigationStatus)ac_vocabulary_parse (AC_VOCABULARY_INVESTIGATION_STATUS, status))
    {
    case AC_INVESTIGATION_STATUS_STARTING:
      return _ ("The examination was triggered and waits to begin.");
    case AC_INVESTIGATION_STATUS_RUNNING:
      return _ ("The examination is going on. More evidence and actions may come.");
    case AC_INVESTIGATION_STATUS_NO_THREATS_FOUND:
      return _ ("Nothing was found.");
    case AC_INVESTIGATION_STATUS_PARTIALLY_INVESTIGATED:
      return _ ("Threats were found, but there was no action to propose.");
    case AC_INVESTIGATION_STATUS_PENDING_ACTION:
      return _ ("Threats were found. At least one action waits for a decision.");
    case AC_INVESTIGATION_STATUS_PARTIALLY_REMEDIATED:
      return _ ("Some actions were approved. Others wait for a decision.");
    case AC_INVESTIGATION_STATUS_REMEDIATED:
      return _ ("All actions were decided. Under the actions stands what came of each.");
    case AC_INVESTIGATION_STATUS_TERMINATED_BY_SYSTEM:
      return _ ("It ended without a decision: actions expired, or the detector broke it off. "
                "Approved actions may still have run.");
    case AC_INVESTIGATION_STATUS_TERMINATED_BY_USER:
      return _ ("A person stopped it. Approved actions may still have run.");
    case AC_INVESTIGATION_STATUS_QUEUED_BY_THROTTLING:
      return _ ("The detector holds it back until others are through.");
    case AC_INVESTIGATION_STATUS_TERMINATED_BY_THROTTLING:
      return _ ("It was held back for too long and did not take place.");
    case AC_INVESTIGATION_STATUS_FAILED:
      return _ ("The examination broke. Approved actions may still have run; look at each.");
    case AC_INVESTIGATION_STATUS_UNKNOWN:
    default:
      return NULL;
    }
}
