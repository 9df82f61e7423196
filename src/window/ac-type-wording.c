/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-type-wording.h"
#include "window/ac-wording.h"

/* ngettext() takes an unsigned long. */
static unsigned long
plural (guint64 number)
{
  return (unsigned long)MIN (number, (guint64)G_MAXULONG);
}

static char *
mailboxes (guint64 n)
{
  g_autofree char *number = ac_wording_number (n);

  return g_strdup_printf (ngettext ("%s mailbox", "%s mailboxes", plural (n)), number);
}

static char *
devices (guint64 n)
{
  g_autofree char *number = ac_wording_number (n);

  return g_strdup_printf (ngettext ("%s device", "%s devices", plural (n)), number);
}

static char *
urls (guint64 n)
{
  g_autofree char *number = ac_wording_number (n);

  return g_strdup_printf (ngettext ("%s URL", "%s URLs", plural (n)), number);
}

static char *
files_on_devices (guint64 n_files, guint64 n_devices)
{
  g_autofree char *number = ac_wording_number (n_files);
  g_autofree char *files =
      g_strdup_printf (ngettext ("%s file", "%s files", plural (n_files)), number);
  g_autofree char *places = devices (n_devices);

  /* Translators: "3 files on 2 devices" */
  return g_strdup_printf (_ ("%1$s on %2$s"), files, places);
}

/**
 * ac_type_wording_asset:
 * @action_type: (nullable): raw
 * @asset: as the action names it
 *
 * Returns: (transfer full): what an action acts on, as people call it.
 */
char *
ac_type_wording_asset (const char *action_type, const char *asset)
{
  if (ac_action_type_parse (action_type) == AC_ACTION_TYPE_BLOCK_URL)
    {
      if (g_strcmp0 (asset, "proxy") == 0)
        return g_strdup (_ ("Web proxies"));
      if (g_strcmp0 (asset, "dns") == 0)
        return g_strdup (_ ("DNS"));
    }
  return ac_wording_asset (asset);
}

/**
 * ac_type_wording_assets:
 * @action_type: (nullable): raw
 *
 * What the assets of an action are depends on its type.
 *
 * Returns: (transfer full): "3 devices".
 */
char *
ac_type_wording_assets (const char *action_type, guint n_assets)
{
  g_autofree char *number = NULL;

  switch (ac_action_type_parse (action_type))
    {
    case AC_ACTION_TYPE_SOFT_DELETE_EMAIL:
    case AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER:
    case AC_ACTION_TYPE_QUARANTINE_EMAIL:
    case AC_ACTION_TYPE_QUARANTINE_ATTACHMENT:
    case AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING:
      return mailboxes (n_assets);
    case AC_ACTION_TYPE_QUARANTINE_FILE:
      return devices (n_assets);
    case AC_ACTION_TYPE_BLOCK_URL:
      /* Translators: the heading over "Web proxies" and "DNS" */
      return g_strdup (_ ("Enforcement points"));
    case AC_ACTION_TYPE_UNKNOWN:
    default:
      number = ac_wording_number (n_assets);
      return g_strdup_printf (ngettext ("%s asset", "%s assets", n_assets), number);
    }
}

/**
 * ac_type_wording_outcome:
 * @action_type: (nullable): raw
 * @outcome: (nullable): raw
 *
 * Returns: (nullable): what came of it; nothing is moved where a URL is blocked.
 */
const char *
ac_type_wording_outcome (const char *action_type, const char *outcome)
{
  if (ac_action_type_parse (action_type) != AC_ACTION_TYPE_BLOCK_URL)
    return ac_vocabulary_label (AC_VOCABULARY_OUTCOME, outcome);
  if (ac_outcome_parse (outcome) == AC_OUTCOME_MOVED)
    return _ ("Blocked");
  if (ac_outcome_parse (outcome) == AC_OUTCOME_ALREADY_THERE)
    return _ ("Blocked already");
  if (ac_outcome_parse (outcome) == AC_OUTCOME_RESTORED)
    return _ ("Let through again");
  if (ac_outcome_parse (outcome) == AC_OUTCOME_ALREADY_RESTORED)
    return _ ("Let through already");
  if (ac_outcome_parse (outcome) == AC_OUTCOME_NOT_FOUND)
    return _ ("Nothing to block here");
  return ac_vocabulary_label (AC_VOCABULARY_OUTCOME, outcome);
}

static char *
effect_on_forwarding (AcDecision decision, const char *scope)
{
  if (decision == AC_DECISION_APPROVE)
    /* Translators: "1 mailbox" */
    return g_strdup_printf (_ ("Approve turns off forwarding to outside in %s."), scope);
  if (decision == AC_DECISION_REJECT)
    return g_strdup_printf (_ ("Reject leaves the forwarding in %s as it is."), scope);
  if (decision == AC_DECISION_UNDO)
    return g_strdup_printf (_ ("Undo turns the forwarding in %s on again."), scope);
  return NULL;
}

static char *
effect_on_urls (AcDecision decision, const char *scope)
{
  if (decision == AC_DECISION_APPROVE)
    /* Translators: "1 URL" */
    return g_strdup_printf (_ ("Approve blocks %s for everybody."), scope);
  if (decision == AC_DECISION_REJECT)
    return g_strdup_printf (_ ("Reject goes on letting %s through."), scope);
  if (decision == AC_DECISION_UNDO)
    return g_strdup_printf (_ ("Undo lets %s through again."), scope);
  return NULL;
}

static char *
effect_on_files (AcDecision decision, const char *scope)
{
  if (decision == AC_DECISION_APPROVE)
    /* Translators: "3 files on 2 devices" */
    return g_strdup_printf (_ ("Approve moves %s into quarantine."), scope);
  if (decision == AC_DECISION_REJECT)
    return g_strdup_printf (_ ("Reject leaves %s untouched."), scope);
  if (decision == AC_DECISION_UNDO)
    return g_strdup_printf (_ ("Undo puts %s back."), scope);
  return NULL;
}

/**
 * ac_type_wording_effect:
 * @action_type: (nullable): the type that all share, raw
 * @n_assets: how many different mailboxes, devices or places the actions act on
 *
 * Returns: (transfer full) (nullable): what @decision would do, in numbers; %NULL where there is
 * nothing to say that would not be true of any type.
 */
char *
ac_type_wording_effect (AcDecision decision,
                        const char *action_type,
                        guint64 n_actions,
                        guint64 n_assets)
{
  AcActionType type = ac_action_type_parse (action_type);
  g_autofree char *scope = NULL;

  if (type == AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING)
    {
      scope = mailboxes (n_assets);
      return effect_on_forwarding (decision, scope);
    }
  if (type == AC_ACTION_TYPE_BLOCK_URL)
    {
      scope = urls (n_actions);
      return effect_on_urls (decision, scope);
    }
  if (type == AC_ACTION_TYPE_QUARANTINE_FILE)
    {
      scope = files_on_devices (n_actions, n_assets);
      return effect_on_files (decision, scope);
    }
  return NULL;
}
