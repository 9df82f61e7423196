/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-vocabulary.h"
#include "window/ac-outcome-filter.h"
#include "window/ac-type-wording.h"
#include "window/ac-wording.h"

struct _AcOutcomeFilter
{
  GtkWidget parent_instance;

  GtkWidget *button;

  char *action_type;  /* nullable */
  GHashTable *counts; /* outcome → number; nullable */
  char *outcome;
  const char *single[2]; /* for get_outcomes() */
};

G_DEFINE_FINAL_TYPE (AcOutcomeFilter, ac_outcome_filter, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_OUTCOME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *const not_done[] = { "failed", "notRemediable", "conflict", NULL };

static guint
count (AcOutcomeFilter *self, const char *outcome)
{
  return self->counts != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, outcome)) : 0;
}

static guint
total (AcOutcomeFilter *self)
{
  GHashTableIter iter;
  gpointer number;
  guint sum = 0;

  if (self->counts == NULL)
    return 0;
  g_hash_table_iter_init (&iter, self->counts);
  while (g_hash_table_iter_next (&iter, NULL, &number))
    sum += GPOINTER_TO_UINT (number);
  return sum;
}

static char *
choice_text (const char *label, guint n)
{
  g_autofree char *number = ac_wording_number (n);

  /* Translators: a choice, and how many there are of it */
  return g_strdup_printf (_ ("%1$s (%2$s)"), label, number);
}

static char *
outcome_text (AcOutcomeFilter *self, const char *outcome)
{
  if (*outcome == '\0')
    return choice_text (_ ("All outcomes"), total (self));
  if (strcmp (outcome, AC_OUTCOME_FILTER_NOT_DONE) == 0)
    return choice_text (_ ("Not done"), ac_outcome_filter_get_n_not_done (self));
  return choice_text (ac_type_wording_outcome (self->action_type, outcome), count (self, outcome));
}

static void
append (AcOutcomeFilter *self, GMenu *menu, const char *outcome)
{
  g_autofree char *text = outcome_text (self, outcome);
  g_autoptr (GMenuItem) item = g_menu_item_new (text, NULL);

  g_menu_item_set_action_and_target (item, "outcome-filter.outcome", "s", outcome);
  g_menu_append_item (menu, item);
}

static void
update (AcOutcomeFilter *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autofree char *text = outcome_text (self, self->outcome);
  g_autofree char *name = NULL;
  guint n_kinds = 0;

  append (self, menu, "");
  if (ac_outcome_filter_get_n_not_done (self) > 0)
    append (self, menu, AC_OUTCOME_FILTER_NOT_DONE);
  for (guint i = 1; i < ac_vocabulary_size (AC_VOCABULARY_OUTCOME); i++)
    {
      const char *outcome = ac_outcome_wire ((AcOutcome)i);

      if (count (self, outcome) == 0)
        continue;
      append (self, menu, outcome);
      n_kinds++;
    }
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->button), G_MENU_MODEL (menu));
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->button), text);
  name = g_strdup_printf (_ ("Outcomes shown: %s"), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
  gtk_widget_set_visible (GTK_WIDGET (self), n_kinds > 1 || *self->outcome != '\0');
}

static void
ac_outcome_filter_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  AcOutcomeFilter *self = AC_OUTCOME_FILTER (object);

  switch (prop_id)
    {
    case PROP_OUTCOME:
      g_value_set_string (value, self->outcome);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ac_outcome_filter_set_property (GObject *object,
                                guint prop_id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_OUTCOME:
      ac_outcome_filter_set_outcome (AC_OUTCOME_FILTER (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ac_outcome_filter_dispose (GObject *object)
{
  AcOutcomeFilter *self = AC_OUTCOME_FILTER (object);

  g_clear_pointer (&self->button, gtk_widget_unparent);
  g_clear_pointer (&self->counts, g_hash_table_unref);
  g_clear_pointer (&self->action_type, g_free);
  G_OBJECT_CLASS (ac_outcome_filter_parent_class)->dispose (object);
}

static void
ac_outcome_filter_finalize (GObject *object)
{
  AcOutcomeFilter *self = AC_OUTCOME_FILTER (object);

  g_free (self->outcome);
  G_OBJECT_CLASS (ac_outcome_filter_parent_class)->finalize (object);
}

static void
ac_outcome_filter_class_init (AcOutcomeFilterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ac_outcome_filter_dispose;
  object_class->finalize = ac_outcome_filter_finalize;
  object_class->get_property = ac_outcome_filter_get_property;
  object_class->set_property = ac_outcome_filter_set_property;
  properties[PROP_OUTCOME] =
      g_param_spec_string ("outcome", NULL, NULL, "",
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_property_action (widget_class, "outcome-filter.outcome", "outcome");
}

static void
ac_outcome_filter_init (AcOutcomeFilter *self)
{
  self->outcome = g_strdup ("");
  self->button = gtk_menu_button_new ();
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
  update (self);
}

/**
 * ac_outcome_filter_set_counts:
 * @action_type: (nullable): of whose results; the words depend on it
 * @counts: (nullable): outcome → number as GUINT_TO_POINTER; “” for none yet
 *
 * Says how many results there are of each outcome. What is chosen stays chosen.
 */
void
ac_outcome_filter_set_counts (AcOutcomeFilter *self, const char *action_type, GHashTable *counts)
{
  GHashTableIter iter;
  gpointer outcome;
  gpointer number;

  g_return_if_fail (AC_IS_OUTCOME_FILTER (self));

  g_free (self->action_type);
  self->action_type = g_strdup (action_type);
  g_clear_pointer (&self->counts, g_hash_table_unref);
  if (counts != NULL)
    {
      /* Copied, for what is counted belongs to an answer. */
      self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_iter_init (&iter, counts);
      while (g_hash_table_iter_next (&iter, &outcome, &number))
        g_hash_table_insert (self->counts, g_strdup (outcome), number);
    }
  update (self);
}

/**
 * ac_outcome_filter_get_n_not_done:
 *
 * Returns: how many of the results are of something that was not done.
 */
guint
ac_outcome_filter_get_n_not_done (AcOutcomeFilter *self)
{
  guint sum = 0;

  g_return_val_if_fail (AC_IS_OUTCOME_FILTER (self), 0);

  for (guint i = 0; not_done[i] != NULL; i++)
    sum += count (self, not_done[i]);
  return sum;
}

/**
 * ac_outcome_filter_set_outcome:
 * @outcome: (nullable): as the property has it
 */
void
ac_outcome_filter_set_outcome (AcOutcomeFilter *self, const char *outcome)
{
  g_return_if_fail (AC_IS_OUTCOME_FILTER (self));

  outcome = outcome != NULL ? outcome : "";
  if (strcmp (self->outcome, outcome) == 0)
    return;
  g_free (self->outcome);
  self->outcome = g_strdup (outcome);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OUTCOME]);
}

const char *
ac_outcome_filter_get_outcome (AcOutcomeFilter *self)
{
  g_return_val_if_fail (AC_IS_OUTCOME_FILTER (self), "");

  return self->outcome;
}

/**
 * ac_outcome_filter_matches:
 * @outcome: (nullable): of a result; %NULL: nothing has happened yet
 *
 * Returns: whether it is to be shown.
 */
gboolean
ac_outcome_filter_matches (AcOutcomeFilter *self, const char *outcome)
{
  const char *const *outcomes;

  g_return_val_if_fail (AC_IS_OUTCOME_FILTER (self), TRUE);

  outcomes = ac_outcome_filter_get_outcomes (self);
  return outcomes == NULL || (outcome != NULL && g_strv_contains (outcomes, outcome));
}

/**
 * ac_outcome_filter_get_outcomes:
 *
 * Returns: (transfer none) (nullable): those to be shown; %NULL: all. Until the choice changes.
 */
const char *const *
ac_outcome_filter_get_outcomes (AcOutcomeFilter *self)
{
  g_return_val_if_fail (AC_IS_OUTCOME_FILTER (self), NULL);

  if (*self->outcome == '\0')
    return NULL;
  if (strcmp (self->outcome, AC_OUTCOME_FILTER_NOT_DONE) == 0)
    return not_done;
  self->single[0] = self->outcome;
  return self->single;
}
