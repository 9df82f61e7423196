/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-entity-facts.h"
#include "window/ac-fact-row.h"
#include "window/ac-time-text.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

static char *
field_text (AcEntity *entity, const AcEntityField *field)
{
  g_auto (GStrv) strings = NULL;
  gboolean boolean;
  gint64 number;

  switch (field->kind)
    {
    case AC_JSON_TIME:
      return ac_time_text_full (ac_entity_get_time (entity, field->name));
    case AC_JSON_INTEGER:
      number = ac_entity_get_integer (entity, field->name, -1);
      return number >= 0 ? ac_wording_number ((guint64)number) : NULL;
    case AC_JSON_STRING_ARRAY:
      strings = ac_entity_get_strings (entity, field->name);
      return strings != NULL ? g_strjoinv ("\n", strings) : NULL;
    case AC_JSON_ENUM:
      return g_strdup (ac_entity_get_label (entity, field->name));
    case AC_JSON_BOOLEAN:
      if (!ac_entity_get_boolean (entity, field->name, &boolean))
        return NULL;
      return g_strdup (boolean ? _ ("Yes") : _ ("No"));
    case AC_JSON_STRING:
    case AC_JSON_TEXT:
      return g_strdup (ac_entity_get_string (entity, field->name));
    case AC_JSON_OBJECT:
    case AC_JSON_ARRAY:
    default:
      return NULL;
    }
}

static void
append_section (GtkBox *box, const char *section)
{
  GtkWidget *label = gtk_label_new (section);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_widget_set_margin_top (label, 6);
  gtk_box_append (box, label);
}

/* Whatever came after it: an undo for some of the mailboxes. */
static gboolean
is_back_somewhere (AcAction *action)
{
  GPtrArray *results = ac_action_get_results (action);

  for (guint i = 0; results != NULL && i < results->len; i++)
    {
      AcOutcome outcome = ac_outcome_parse (ac_action_result_get_outcome (results->pdata[i]));

      if (outcome == AC_OUTCOME_RESTORED || outcome == AC_OUTCOME_ALREADY_RESTORED)
        return TRUE;
    }
  return FALSE;
}

/* Where mail is forwarded to once the action is through, in words. */
static const char *
forwarding_after (AcAction *action)
{
  if (ac_action_is_undone_for_some (action) ||
      (ac_action_may (action, AC_DECISION_UNDO) && is_back_somewhere (action)))
    return _ ("As before in some mailboxes, for which it was undone");
  switch (ac_action_get_status_value (action))
    {
    case AC_STATUS_COMPLETED:
    case AC_STATUS_PARTLY_COMPLETED:
    case AC_STATUS_UNDO_QUEUED:
    case AC_STATUS_UNDOING:
    case AC_STATUS_UNDO_FAILED:
      return _ ("To nobody outside the organisation");
    case AC_STATUS_UNDONE:
      return _ ("As before: it was undone");
    case AC_STATUS_REJECTED:
    case AC_STATUS_EXPIRED:
    case AC_STATUS_CANCELLED:
    case AC_STATUS_FAILED:
      return _ ("As before: nothing was changed");
    case AC_STATUS_PENDING:
    case AC_STATUS_QUEUED:
    case AC_STATUS_RUNNING:
    case AC_STATUS_UNKNOWN:
    default:
      return _ ("To nobody outside the organisation, when it is carried out");
    }
}

static void
append_forwarding (GtkBox *box, AcAction *action, const char *before)
{
  ac_fact_row_append (box, _ ("Forwarding before"), before);
  ac_fact_row_append (box, _ ("Forwarding after"), forwarding_after (action));
}

/* @action: (nullable): what is done about it */
static void
append_facts (GtkBox *box, AcEntity *entity, AcAction *action)
{
  const char *type = ac_entity_get_entity_type (entity);
  const char *section = NULL;
  gboolean forwarding =
      action != NULL && ac_action_type_parse (ac_action_get_action_type (action)) ==
                            AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING;
  AcEntityField field;
  gsize n_fields;

  for (n_fields = 0; ac_entity_type_get_field (type, n_fields, &field); n_fields++)
    {
      g_autofree char *text = field_text (entity, &field);
      gboolean is_forwarding = forwarding && strcmp (field.name, "forwardingTargets") == 0;

      if ((text == NULL || *text == '\0') && !is_forwarding)
        continue;
      if (field.section != NULL && g_strcmp0 (field.section, section) != 0)
        append_section (box, field.section);
      section = field.section;
      if (is_forwarding)
        append_forwarding (box, action, text);
      else
        ac_fact_row_append (box, field.label, text);
    }
  /* An entity of a type that this program does not know. */
  if (n_fields == 0)
    ac_fact_row_append (box, _ ("Summary"), ac_entity_get_summary (entity));
}

/**
 * ac_entity_facts_append:
 *
 * Shows the fields that @entity has behind what is in @box, those of a group under its name. A
 * group of which nothing is known is left out.
 */
void
ac_entity_facts_append (GtkBox *box, AcEntity *entity)
{
  append_facts (box, entity, NULL);
}

/**
 * ac_entity_facts_show:
 * @box: what is in it goes
 *
 * Shows the fields that the entity of @action has, and what of them the action changes.
 */
void
ac_entity_facts_show (GtkBox *box, AcAction *action)
{
  ac_ui_clear_box (box);
  append_facts (box, ac_action_get_entity (action), action);
}
