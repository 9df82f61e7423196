/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-action-result.h"
#include "window/ac-entity-details.h"
#include "window/ac-entity-facts.h"
#include "window/ac-fact-row.h"
#include "window/ac-gradual-box.h"
#include "window/ac-type-wording.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

/* There may be thousands on one mailbox, and thousands of results of one; so many are made at once.
 */
#define ACTIONS_AT_ONCE 50
#define RESULTS_AT_ONCE 20
/* In pixels, as the theme has it. */
#define BUTTON_PADDING 10

struct _AcEntityDetails
{
  AdwWindow parent_instance;

  GtkWidget *scrolled;
  GtkBox *facts;
  GtkBox *actions;
  GtkLabel *actions_title;
};

G_DEFINE_FINAL_TYPE (AcEntityDetails, ac_entity_details, ADW_TYPE_WINDOW)

/* By what an action knows a mailbox or a device; NULL: it acts on no such thing. */
static const char *
get_asset (AcEntity *entity)
{
  switch (ac_entity_type_parse (ac_entity_get_entity_type (entity)))
    {
    case AC_ENTITY_TYPE_MAILBOX:
      return ac_entity_get_string (entity, "address");
    case AC_ENTITY_TYPE_DEVICE:
      return ac_entity_get_string (entity, "name");
    case AC_ENTITY_TYPE_EMAIL_MESSAGE:
    case AC_ENTITY_TYPE_EMAIL_CLUSTER:
    case AC_ENTITY_TYPE_ATTACHMENT:
    case AC_ENTITY_TYPE_URL:
    case AC_ENTITY_TYPE_FILE:
    case AC_ENTITY_TYPE_UNKNOWN:
    default:
      return NULL;
    }
}

static gboolean
concerns (AcAction *action, AcEntity *entity)
{
  AcEntity *own = ac_action_get_entity (action);
  const char *asset = get_asset (entity);

  if (asset != NULL && g_strv_contains (ac_action_get_assets (action), asset))
    return TRUE;
  return g_strcmp0 (ac_entity_get_entity_type (own), ac_entity_get_entity_type (entity)) == 0 &&
         g_strcmp0 (ac_entity_get_summary (own), ac_entity_get_summary (entity)) == 0;
}

/* What is said of it with a judgement; NULL: nothing. */
static const char *
find_verdict (GPtrArray *judged, AcEntity *entity)
{
  for (guint i = 0; i < judged->len; i++)
    {
      AcEntity *own = ac_evidence_get_entity (judged->pdata[i]);

      if (g_strcmp0 (ac_entity_get_entity_type (own), ac_entity_get_entity_type (entity)) == 0 &&
          g_strcmp0 (ac_entity_get_summary (own), ac_entity_get_summary (entity)) == 0)
        return ac_evidence_get_verdict (judged->pdata[i]);
    }
  return NULL;
}

static void
add (GtkBox *box, const char *label, const char *value)
{
  if (value != NULL && *value != '\0')
    ac_fact_row_append (box, label, value);
}

typedef struct
{
  AcAction *action;   /* owned */
  GPtrArray *results; /* of AcActionResult, which the action keeps */
} Results;

static void
results_free (gpointer data)
{
  Results *results = data;

  g_object_unref (results->action);
  g_ptr_array_unref (results->results);
  g_free (results);
}

static GtkWidget *
result_new (guint index, gpointer data)
{
  Results *results = data;
  AcActionResult *result = results->results->pdata[index];
  const char *outcome = ac_type_wording_outcome (ac_action_get_action_type (results->action),
                                                 ac_action_result_get_outcome (result));
  const char *detail = ac_action_result_get_detail (result);
  g_autofree char *text = detail != NULL && *detail != '\0'
                              ? g_strdup_printf ("%s\n%s", outcome, detail)
                              : g_strdup (outcome);

  return ac_fact_row_new (_ ("Result"), text);
}

/* What came of @action, on this mailbox or device where it is one. */
static void
add_results (GtkBox *box, AcAction *action, AcEntity *entity)
{
  GPtrArray *all = ac_action_get_results (action);
  const char *asset = get_asset (entity);
  Results *results = g_new0 (Results, 1);

  results->action = g_object_ref (action);
  results->results = g_ptr_array_new ();
  for (guint i = 0; i < all->len; i++)
    if (asset == NULL || g_strcmp0 (ac_action_result_get_asset (all->pdata[i]), asset) == 0)
      g_ptr_array_add (results->results, all->pdata[i]);
  if (results->results->len > 0)
    gtk_box_append (box, ac_gradual_box_new (results->results->len, RESULTS_AT_ONCE, 3, result_new,
                                             results, results_free));
  else
    results_free (results);
}

static GtkWidget *
action_new (AcAction *action, AcEntity *entity)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkBox *facts = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 3));
  GtkWidget *button = gtk_button_new ();
  GtkWidget *label;
  const char *details = ac_action_get_details (action);
  const char *status = ac_vocabulary_label (AC_VOCABULARY_STATUS, ac_action_get_status (action));
  g_autofree char *decided = ac_wording_action_decided (action);
  /* Translators: a type of action and its status */
  g_autofree char *what = g_strdup_printf (
      _ ("%1$s · %2$s"),
      ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE, ac_action_get_action_type (action)), status);

  label = gtk_label_new (what);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Show this action"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "entity.show-action");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", ac_action_get_id (action));
  gtk_box_append (GTK_BOX (box), button);
  /* Below the text of the button, not its edge. */
  gtk_widget_set_margin_start (GTK_WIDGET (facts), BUTTON_PADDING);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (facts));
  add (facts, _ ("Details"), details);
  add (facts, _ ("Decision"), decided);
  add (facts, _ ("Comment"), ac_action_get_comment (action));
  add_results (facts, action, entity);
  return box;
}

typedef struct
{
  GPtrArray *actions; /* of AcAction */
  AcEntity *entity;   /* owned */
} Actions;

static void
actions_free (gpointer data)
{
  Actions *actions = data;

  g_ptr_array_unref (actions->actions);
  g_object_unref (actions->entity);
  g_free (actions);
}

static GtkWidget *
nth_action_new (guint index, gpointer data)
{
  Actions *actions = data;

  return action_new (actions->actions->pdata[index], actions->entity);
}

/* Returns: how many there are. */
static guint
show_actions (AcEntityDetails *self, GPtrArray *all, AcEntity *entity)
{
  Actions *actions = g_new0 (Actions, 1);
  guint n;

  actions->actions = g_ptr_array_new_with_free_func (g_object_unref);
  actions->entity = g_object_ref (entity);
  for (guint i = 0; i < all->len; i++)
    if (concerns (all->pdata[i], entity))
      g_ptr_array_add (actions->actions, g_object_ref (all->pdata[i]));
  n = actions->actions->len;
  gtk_box_append (self->actions, ac_gradual_box_new (n, ACTIONS_AT_ONCE, 12, nth_action_new,
                                                     actions, actions_free));
  return n;
}

static void
show (AcEntityDetails *self, AcInvestigation *investigation, AcEntity *entity)
{
  GPtrArray *actions = ac_investigation_get_actions (investigation);
  const char *verdict = find_verdict (ac_investigation_get_evidence (investigation), entity);

  if (verdict == NULL)
    verdict = find_verdict (ac_investigation_get_entities (investigation), entity);
  gtk_window_set_title (GTK_WINDOW (self),
                        ac_vocabulary_label (AC_VOCABULARY_ENTITY_TYPE,
                                             ac_entity_get_entity_type (entity)));
  add (self->facts, _ ("Verdict"), ac_vocabulary_label (AC_VOCABULARY_VERDICT, verdict));
  ac_entity_facts_append (self->facts, entity);
  gtk_label_set_text (self->actions_title,
                      show_actions (self, actions, entity) > 0
                          ? _ ("What was proposed and done")
                          : _ ("This investigation proposes nothing about it."));
}

static void
show_action_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (widget));

  if (parent != NULL)
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.show-action", "s",
                                g_variant_get_string (parameter, NULL));
  gtk_window_close (GTK_WINDOW (widget));
}

static void
ac_entity_details_class_init (AcEntityDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-entity-details.ui");
  gtk_widget_class_bind_template_child (widget_class, AcEntityDetails, scrolled);
  gtk_widget_class_bind_template_child (widget_class, AcEntityDetails, facts);
  gtk_widget_class_bind_template_child (widget_class, AcEntityDetails, actions);
  gtk_widget_class_bind_template_child (widget_class, AcEntityDetails, actions_title);
  gtk_widget_class_install_action (widget_class, "entity.show-action", "s", show_action_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ac_entity_details_init (AcEntityDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ac_entity_details_new:
 * @parent: what it stands over
 * @investigation: of which it shows what is known now
 * @entity: one of the investigation, or a mailbox or device that it acts on
 *
 * Returns: (transfer none): GTK holds it until it is closed.
 */
GtkWindow *
ac_entity_details_new (GtkWindow *parent, AcInvestigation *investigation, AcEntity *entity)
{
  AcEntityDetails *self;

  g_return_val_if_fail (AC_IS_INVESTIGATION (investigation), NULL);
  g_return_val_if_fail (AC_IS_ENTITY (entity), NULL);

  self = g_object_new (AC_TYPE_ENTITY_DETAILS, "transient-for", parent, NULL);
  show (self, investigation, entity);
  /* Where the keys scroll; the first text that can be copied would be selected otherwise. */
  gtk_window_set_focus (GTK_WINDOW (self), self->scrolled);
  return GTK_WINDOW (self);
}
