/* SPDX-License-Identifier: GPL-3.0-or-later */
/* actionctl show: all that is known of one or more actions. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "actionctl/ac-ctl.h"
#include "model/ac-time.h"
#include "model/ac-transition.h"
#include "model/ac-undo-contract.h"

static const GOptionEntry options[] = { { NULL } };

static void
print_fact (const char *label, const char *value)
{
  g_autofree char *safe = NULL;

  if (value == NULL || *value == '\0')
    return;
  safe = ac_ctl_safe_text (value);
  g_print ("%s: %s\n", label, safe);
}

static void
print_time (const char *label, gint64 time)
{
  g_autofree char *text = ac_ctl_time_text (time);

  print_fact (label, text);
}

static void
print_entity (AcEntity *entity)
{
  const char *type = ac_entity_get_entity_type (entity);
  AcEntityField field;

  print_fact (_ ("About"), ac_vocabulary_label (AC_VOCABULARY_ENTITY_TYPE, type));
  for (gsize i = 0; ac_entity_type_get_field (type, i, &field); i++)
    {
      g_autofree char *label = g_strconcat ("  ", field.label, NULL);

      if (field.kind == AC_JSON_TIME)
        print_time (label, ac_entity_get_time (entity, field.name));
      else if (field.kind == AC_JSON_STRING_ARRAY)
        {
          g_auto (GStrv) values = ac_entity_get_strings (entity, field.name);
          g_autofree char *joined = values != NULL ? g_strjoinv (", ", values) : NULL;

          print_fact (label, joined);
        }
      else if (field.kind == AC_JSON_INTEGER)
        {
          gint64 value = ac_entity_get_integer (entity, field.name, -1);
          g_autofree char *text = value >= 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, value) : NULL;

          print_fact (label, text);
        }
      else if (field.kind == AC_JSON_BOOLEAN)
        {
          gboolean value;

          if (ac_entity_get_boolean (entity, field.name, &value))
            print_fact (label, value ? _ ("Yes") : _ ("No"));
        }
      else if (field.kind == AC_JSON_ENUM)
        print_fact (label, ac_entity_get_label (entity, field.name));
      else
        print_fact (label, ac_entity_get_string (entity, field.name));
    }
}

static void
print_targets (AcAction *action)
{
  const AcTargets *targets = ac_action_get_targets (action);
  gboolean is_forwarding = ac_action_type_parse (ac_action_get_action_type (action)) ==
                           AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING;
  g_autofree char *text = NULL;
  g_autofree char *changed = NULL;

  if (targets == NULL)
    return;
  if (targets->digest == NULL)
    {
      print_fact (is_forwarding ? _ ("Forwards to") : _ ("Messages"), _ ("being counted"));
      return;
    }
  text = g_strdup_printf (
      is_forwarding
          ? _ ("%1$u addresses outside in %2$u mailboxes; %3$u mailboxes could not be looked at")
          : _ ("%1$u in %2$u mailboxes; %3$u mailboxes could not be looked at"),
      (guint)targets->messages, (guint)targets->mailboxes, (guint)targets->unreadable);
  print_fact (is_forwarding ? _ ("Forwards to") : _ ("Messages"), text);
  print_time (_ ("Counted"), targets->looked_at);
  if (targets->changed_at == AC_TIME_NONE)
    return;
  changed = g_strdup_printf (_ ("%1$u had come and %2$u had gone, so nothing was done"),
                             (guint)targets->added, (guint)targets->removed);
  print_fact (_ ("Changed since it was approved"), changed);
}

static void
print_results (GPtrArray *results)
{
  for (guint i = 0; i < results->len; i++)
    {
      AcActionResult *one = results->pdata[i];
      const char *detail = ac_action_result_get_detail (one);
      g_autofree char *text = g_strdup_printf (
          "%s%s%s", ac_vocabulary_label (AC_VOCABULARY_OUTCOME, ac_action_result_get_outcome (one)),
          detail != NULL ? ". " : "", detail != NULL ? detail : "");
      g_autofree char *label = ac_ctl_safe_text (ac_action_result_get_asset (one));

      print_fact (label, text);
    }
}

static void
print_timeline (GPtrArray *timeline)
{
  for (guint i = 0; i < timeline->len; i++)
    {
      AcTimelineEntry *entry = timeline->pdata[i];
      const char *comment = ac_timeline_entry_get_comment (entry);
      g_autofree char *at = ac_ctl_time_text (ac_timeline_entry_get_at (entry));
      g_autofree char *text = g_strdup_printf (
          "%s, %s%s%s", ac_timeline_entry_get_event (entry), ac_timeline_entry_get_actor (entry),
          comment != NULL ? ": " : "", comment != NULL ? comment : "");

      print_fact (at, text);
    }
}

/* Whoever approves here reads it before, as in the window. */
static void
print_contract (AcAction *action)
{
  AcUndoContract contract;

  if (ac_transition_is_final (ac_action_get_status_value (action)) ||
      !ac_undo_contract_find (ac_action_type_parse (ac_action_get_action_type (action)), &contract))
    return;
  print_fact (_ ("Undo brings back"), contract.brings_back);
  print_fact (_ ("Undo is possible"), contract.until);
  print_fact (_ ("Undo cannot bring back"), contract.cannot);
}

static void
print_action (AcAction *action)
{
  const char *const *assets = ac_action_get_assets (action);
  g_autofree char *all_assets = g_strjoinv (", ", (GStrv)assets);

  print_fact (_ ("ID"), ac_action_get_id (action));
  print_fact (_ ("Type"),
              ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE, ac_action_get_action_type (action)));
  print_fact (_ ("Status"),
              ac_vocabulary_label (AC_VOCABULARY_STATUS, ac_action_get_status (action)));
  print_fact (_ ("Verdict"),
              ac_vocabulary_label (AC_VOCABULARY_VERDICT, ac_action_get_verdict (action)));
  print_fact (_ ("Source"),
              ac_vocabulary_label (AC_VOCABULARY_SOURCE, ac_action_get_source (action)));
  print_fact (_ ("Why"), ac_action_get_reason (action));
  print_fact (_ ("Investigation"), ac_action_get_investigation_title (action));
  print_fact (_ ("On"), all_assets);
  print_time (_ ("Proposed"), ac_action_get_created_at (action));
  print_time (_ ("Updated"), ac_action_get_updated_at (action));
  if (ac_action_may (action, AC_DECISION_APPROVE))
    print_time (_ ("Expires"), ac_action_get_expires_at (action));
  print_fact (_ ("Decided by"), ac_action_get_decided_by (action));
  print_fact (_ ("Undo"), ac_action_get_undo_note (action));
  print_contract (action);
  print_entity (ac_action_get_entity (action));
  print_targets (action);
  print_results (ac_action_get_results (action));
  print_timeline (ac_action_get_timeline (action));
}

static AcCtlExit
show (AcCtl *ctl, const char *const *arguments)
{
  for (guint i = 0; arguments[i] != NULL; i++)
    {
      g_autoptr (AcAction) action = NULL;
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      GAsyncResult *answer = NULL;

      ac_api_get_action_async (ctl->api, arguments[i], NULL, ac_ctl_answer_cb, &answer);
      result = ac_ctl_wait (&answer);
      action = ac_api_get_action_finish (ctl->api, result, &error);
      if (action == NULL)
        {
          ac_ctl_complain ("%s", error->message);
          return AC_CTL_FAILED;
        }
      if (ctl->json)
        {
          g_autoptr (JsonObject) object = ac_action_to_json (action);

          ac_ctl_print_json (object);
          continue;
        }
      if (i > 0)
        g_print ("\n");
      print_action (action);
    }
  return AC_CTL_DONE;
}

const AcCtlCommand ac_ctl_show = {
  .name = "show",
  .arguments = N_ ("ID…"),
  .summary = N_ ("Show all that is known of actions"),
  .options = options,
  .run = show,
};
