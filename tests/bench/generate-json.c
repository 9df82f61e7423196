/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A generated action as GET /actions shows it. */
#include "config.h"

#include "generate-actions.h"
#include "model/ac-json-text.h"

static void
add_decision (const GenerateInvestigation *investigation, const GenerateAction *made, GString *text)
{
  const GenerateOperation *operation;

  if (made->decision == GENERATE_NO_DECISION)
    return;
  operation = &investigation->operations[made->decision];
  ac_json_text_add_string (text, "decision", ac_decision_wire (operation->decision));
  ac_json_text_add_string (text, "decidedBy", operation->actor);
  ac_json_text_add_time (text, "decidedAt", operation->at);
  ac_json_text_add_string (text, "comment", operation->comment);
}

static void
add_undo (const GenerateAction *made, GString *text)
{
  gboolean may = ac_transition_find (made->status, AC_EVENT_UNDO, NULL);
  g_autofree char *note = NULL;

  ac_json_text_add_boolean (text, "undoable", may && made->n_moved > 0);
  if (!may)
    return;
  note = made->n_moved == 1
             ? g_strdup ("Undo brings back what was moved.")
             : g_strdup_printf ("Undo brings back what was moved in %u places.", made->n_moved);
  ac_json_text_add_string (text, "undoNote", note);
}

static void
add_results (const GenerateAction *made, GString *text)
{
  ac_json_text_add_name (text, "assets");
  ac_json_text_open (text, '[');
  for (guint i = 0; i < made->n_assets; i++)
    ac_json_text_add_element (text, made->assets[i].name->str);
  ac_json_text_close (text, ']');
  ac_json_text_add_name (text, "results");
  ac_json_text_open (text, '[');
  for (guint i = 0; i < made->n_assets; i++)
    if (made->assets[i].outcome != AC_OUTCOME_UNKNOWN)
      {
        ac_json_text_open (text, '{');
        ac_json_text_add_string (text, "asset", made->assets[i].name->str);
        ac_json_text_add_string (text, "outcome", ac_outcome_wire (made->assets[i].outcome));
        ac_json_text_add_string (text, "detail", made->assets[i].detail);
        ac_json_text_add_time (text, "at", made->assets[i].at);
        if (made->assets[i].moved && made->n_assets > 1 &&
            made->type != AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER)
          ac_json_text_add_boolean (text, "undoable", TRUE);
        ac_json_text_close (text, '}');
      }
  ac_json_text_close (text, ']');
}

/**
 * generate_actions_add_json:
 *
 * Exactly the text that a service gives of it whose store was filled with the same actions.
 */
void
generate_actions_add_json (GenerateActions *self, guint64 index, GString *text)
{
  const GenerateAction *made = generate_actions_get (self, index);
  const GenerateInvestigation *investigation = generate_actions_get_investigation (self, index);

  ac_json_text_open (text, '{');
  ac_json_text_add_string (text, "id", made->id);
  ac_json_text_add_integer (text, "version", made->n_events);
  ac_json_text_add_string (text, "type", ac_action_type_wire (made->type));
  ac_json_text_add_string (text, "status", ac_status_wire (made->status));
  ac_json_text_add_string (text, "verdict",
                           ac_vocabulary_wire (AC_VOCABULARY_VERDICT, (int)made->verdict));
  ac_json_text_add_string (text, "source",
                           ac_vocabulary_wire (AC_VOCABULARY_SOURCE, (int)made->source));
  ac_json_text_add_string (text, "reason", made->reason);
  ac_json_text_add_string (text, "details", made->details->str);
  ac_json_text_add_string (text, "investigationId", investigation->id);
  ac_json_text_add_string (text, "investigationTitle", investigation->title->str);
  if (made->decision != GENERATE_NO_DECISION)
    ac_json_text_add_string (text, "operationId", investigation->operations[made->decision].id);
  ac_json_text_add_json (text, "entity", made->entity->str);
  ac_json_text_add_time (text, "createdAt", made->created_at);
  ac_json_text_add_time (text, "updatedAt", made->updated_at);
  ac_json_text_add_time (text, "expiresAt", made->expires_at);
  add_decision (investigation, made, text);
  add_undo (made, text);
  add_results (made, text);
  ac_json_text_close (text, '}');
}
