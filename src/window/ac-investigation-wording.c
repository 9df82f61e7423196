/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/ac-action.h"
#include "model/ac-time.h"
#include "window/ac-duration-text.h"
#include "window/ac-investigation-wording.h"
#include "window/ac-wording.h"

/**
 * ac_investigation_wording_status_icon:
 * @status: (nullable): raw
 *
 * Returns: the name of the icon whose shape stands for it.
 */
const char *
ac_investigation_wording_status_icon (const char *status)
{
  switch ((AcInvestigationStatus)ac_vocabulary_parse (AC_VOCABULARY_INVESTIGATION_STATUS, status))
    {
    case AC_INVESTIGATION_STATUS_STARTING:
    case AC_INVESTIGATION_STATUS_QUEUED_BY_THROTTLING:
      return "ac-queued-symbolic";
    case AC_INVESTIGATION_STATUS_RUNNING:
      return "ac-running-symbolic";
    case AC_INVESTIGATION_STATUS_NO_THREATS_FOUND:
      return "ac-clean-symbolic";
    case AC_INVESTIGATION_STATUS_PARTIALLY_INVESTIGATED:
      return "ac-suspicious-symbolic";
    case AC_INVESTIGATION_STATUS_PENDING_ACTION:
      return "ac-pending-symbolic";
    case AC_INVESTIGATION_STATUS_PARTIALLY_REMEDIATED:
      return "ac-partly-symbolic";
    case AC_INVESTIGATION_STATUS_REMEDIATED:
      return "ac-done-symbolic";
    case AC_INVESTIGATION_STATUS_TERMINATED_BY_SYSTEM:
    case AC_INVESTIGATION_STATUS_TERMINATED_BY_THROTTLING:
      return "ac-expired-symbolic";
    case AC_INVESTIGATION_STATUS_TERMINATED_BY_USER:
      return "ac-cancelled-symbolic";
    case AC_INVESTIGATION_STATUS_FAILED:
      return "ac-failed-symbolic";
    case AC_INVESTIGATION_STATUS_UNKNOWN:
    default:
      return "ac-unknown-symbolic";
    }
}

/**
 * ac_investigation_wording_status_class:
 * @status: (nullable): raw
 *
 * Returns: (nullable): the style class of its icon.
 */
const char *
ac_investigation_wording_status_class (const char *status)
{
  switch ((AcInvestigationStatus)ac_vocabulary_parse (AC_VOCABULARY_INVESTIGATION_STATUS, status))
    {
    case AC_INVESTIGATION_STATUS_NO_THREATS_FOUND:
    case AC_INVESTIGATION_STATUS_REMEDIATED:
      return "success";
    case AC_INVESTIGATION_STATUS_PARTIALLY_INVESTIGATED:
    case AC_INVESTIGATION_STATUS_PENDING_ACTION:
    case AC_INVESTIGATION_STATUS_PARTIALLY_REMEDIATED:
      return "warning";
    case AC_INVESTIGATION_STATUS_FAILED:
      return "error";
    case AC_INVESTIGATION_STATUS_RUNNING:
    case AC_INVESTIGATION_STATUS_STARTING:
      return "accent";
    case AC_INVESTIGATION_STATUS_TERMINATED_BY_SYSTEM:
    case AC_INVESTIGATION_STATUS_TERMINATED_BY_USER:
    case AC_INVESTIGATION_STATUS_TERMINATED_BY_THROTTLING:
    case AC_INVESTIGATION_STATUS_QUEUED_BY_THROTTLING:
    case AC_INVESTIGATION_STATUS_UNKNOWN:
    default:
      return NULL;
    }
}

typedef struct
{
  const char *wire;
  const char *label;
} Word;

static const char *
look_up (const Word *words, guint n_words, const char *wire)
{
  for (guint i = 0; wire != NULL && i < n_words; i++)
    if (g_ascii_strcasecmp (words[i].wire, wire) == 0)
      return _ (words[i].label);
  return wire;
}

/**
 * ac_investigation_wording_severity:
 * @severity: (nullable): raw; detectors spell it as they like
 *
 * Returns: (nullable): in words; what is not known as it is.
 */
const char *
ac_investigation_wording_severity (const char *severity)
{
  static const Word words[] = {
    { "informational", N_ ("Informational") },
    { "low", N_ ("Low") },
    { "medium", N_ ("Medium") },
    { "high", N_ ("High") },
  };

  return look_up (words, G_N_ELEMENTS (words), severity);
}

/**
 * ac_investigation_wording_alert_status:
 * @status: (nullable): raw
 *
 * Returns: (nullable): in words; what is not known as it is.
 */
const char *
ac_investigation_wording_alert_status (const char *status)
{
  static const Word words[] = {
    { "active", N_ ("Active") },
    { "resolved", N_ ("Resolved") },
  };

  return look_up (words, G_N_ELEMENTS (words), status);
}

/**
 * ac_investigation_wording_actions:
 *
 * Returns: (transfer full): how many actions there are, and how many of them wait.
 */
char *
ac_investigation_wording_actions (AcInvestigation *investigation)
{
  guint n = ac_investigation_get_action_count (investigation);
  guint n_pending = ac_investigation_get_pending_count (investigation);
  g_autofree char *all = ac_wording_number (n);
  g_autofree char *pending = ac_wording_number (n_pending);

  if (n_pending == 0)
    return g_steal_pointer (&all);
  /* Translators: number of actions, how many of them are pending */
  return g_strdup_printf (_ ("%1$s, %2$s pending"), all, pending);
}

/**
 * ac_investigation_wording_mailboxes:
 *
 * Returns: (transfer full): the first mailbox, and how many more there are; "" when there is none.
 */
char *
ac_investigation_wording_mailboxes (AcInvestigation *investigation)
{
  g_auto (GStrv) mailboxes = ac_investigation_dup_mailboxes (investigation);
  guint n = ac_investigation_get_mailbox_count (investigation);

  if (mailboxes[0] == NULL)
    return g_strdup ("");
  if (n <= 1)
    return g_strdup (mailboxes[0]);
  /* Translators: the first mailbox, and how many more there are */
  return g_strdup_printf (ngettext ("%1$s and %2$u more", "%1$s and %2$u more", n - 1),
                          mailboxes[0], n - 1);
}

/**
 * ac_investigation_wording_waiting:
 * @now: microseconds since 1970 in UTC
 *
 * Returns: (transfer full) (nullable): how long somebody has been waited for; %NULL when nothing
 * ever waited.
 */
char *
ac_investigation_wording_waiting (AcInvestigation *investigation, gint64 now)
{
  gint64 waited = ac_investigation_get_pending_time (investigation, now);

  if (ac_investigation_get_action_count (investigation) == 0 && waited == 0)
    return NULL;
  return ac_duration_text (waited);
}

/* What tells one entity of its type from another. Details may differ between evidence and action.
 */
static const char *
get_identity (AcEntity *entity)
{
  static const char *const members[] = { "messageId", "sha256", "url", "address", "name", "path" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (ac_entity_get_string (entity, members[i]) != NULL)
      return ac_entity_get_string (entity, members[i]);
  return NULL;
}

/**
 * ac_investigation_wording_remediation:
 * @status: (out) (nullable): the raw status of the action on the evidence
 *
 * Returns: what was done about a piece of evidence, in words: the status of the action on it.
 */
const char *
ac_investigation_wording_remediation (AcInvestigation *investigation,
                                      AcEvidence *evidence,
                                      const char **status)
{
  GPtrArray *actions = ac_investigation_get_actions (investigation);
  AcEntity *entity = ac_evidence_get_entity (evidence);

  *status = NULL;
  for (guint i = 0; i < actions->len; i++)
    {
      AcEntity *other = ac_action_get_entity (actions->pdata[i]);

      if (g_strcmp0 (ac_entity_get_entity_type (entity), ac_entity_get_entity_type (other)) == 0 &&
          g_strcmp0 (get_identity (entity), get_identity (other)) == 0)
        {
          *status = ac_action_get_status (actions->pdata[i]);
          return ac_vocabulary_label (AC_VOCABULARY_STATUS, *status);
        }
    }
  return ac_evidence_is_threat (evidence) ? _ ("No action proposed") : _ ("Nothing to do");
}
