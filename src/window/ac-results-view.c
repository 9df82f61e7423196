/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-cluster.h"
#include "window/ac-result-row.h"
#include "window/ac-result-tools.h"
#include "window/ac-results-view.h"
#include "window/ac-type-wording.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

/* More assets than anybody reads are summed up in one line; the file holds them all. */
#define MOST_ASSETS 200

struct _AcResultsView
{
  GtkWidget parent_instance;

  GtkBox *box;
  GtkLabel *heading;
  AcOutcomeFilter *filter;
  GtkBox *rows;
  AcResultTools *tools;

  AcAction *action; /* nullable */
};

G_DEFINE_FINAL_TYPE (AcResultsView, ac_results_view, GTK_TYPE_WIDGET)

static AcActionResult *
find_result (AcAction *action, const char *asset)
{
  GPtrArray *results = ac_action_get_results (action);

  for (guint i = 0; results != NULL && i < results->len; i++)
    {
      AcActionResult *result = g_ptr_array_index (results, i);

      if (g_strcmp0 (ac_action_result_get_asset (result), asset) == 0)
        return result;
    }
  return NULL;
}

/* Of all mailboxes, those behind it are the ones in which there is something. */
static const char *const *
get_assets (AcAction *action)
{
  const char *const *assets = ac_action_get_assets (action);

  return strcmp (assets[0], AC_CLUSTER_ALL_MAILBOXES) == 0 && assets[1] != NULL ? assets + 1
                                                                                : assets;
}

static void
show_rows (AcResultsView *self)
{
  const char *type = ac_action_get_action_type (self->action);
  const char *const *assets = get_assets (self->action);
  guint n_shown = 0;

  ac_ui_clear_box (self->rows);
  for (guint i = 0; assets[i] != NULL; i++)
    {
      AcActionResult *result = find_result (self->action, assets[i]);
      const char *outcome = result != NULL ? ac_action_result_get_outcome (result) : NULL;
      g_autofree char *name = NULL;

      if (!ac_outcome_filter_matches (self->filter, outcome) || ++n_shown > MOST_ASSETS)
        continue;
      name = ac_type_wording_asset (type, assets[i]);
      gtk_box_append (self->rows, ac_result_row_new (type, name, result));
    }
  if (n_shown > MOST_ASSETS)
    {
      g_autofree char *rest = ac_wording_number (n_shown - MOST_ASSETS);
      g_autofree char *text = g_strdup_printf (_ ("and %s more"), rest);

      gtk_box_append (self->rows, ac_result_row_new (type, text, NULL));
    }
}

static void
count_results (AcResultsView *self)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *results = ac_action_get_results (self->action);
  guint n_results = results != NULL ? results->len : 0;
  guint n_not_done;

  for (guint i = 0; i < n_results; i++)
    {
      const char *outcome = ac_action_result_get_outcome (results->pdata[i]);
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, outcome));

      g_hash_table_insert (counts, (gpointer)outcome, GUINT_TO_POINTER (n + 1));
    }
  ac_outcome_filter_set_counts (self->filter, ac_action_get_action_type (self->action), counts);
  n_not_done = ac_outcome_filter_get_n_not_done (self->filter);
  /* A filter that nothing passes any more would hide everything. */
  if (g_strcmp0 (ac_outcome_filter_get_outcome (self->filter), AC_OUTCOME_FILTER_NOT_DONE) == 0
          ? n_not_done == 0
          : !g_hash_table_contains (counts, ac_outcome_filter_get_outcome (self->filter)))
    ac_outcome_filter_set_outcome (self->filter, NULL);
  ac_result_tools_set_results (self->tools,
                               ac_action_get_targets (self->action) == NULL ? n_results : 0,
                               n_not_done, ac_action_may (self->action, AC_DECISION_RETRY));
}

static void
filter_cb (AcResultsView *self)
{
  if (self->action != NULL)
    show_rows (self);
}

static void
export_cb (AcResultsView *self)
{
  ac_result_tools_export (self->tools, NULL, self->action,
                          ac_outcome_filter_get_outcomes (self->filter));
}

static void
ac_results_view_dispose (GObject *object)
{
  AcResultsView *self = AC_RESULTS_VIEW (object);

  g_clear_object (&self->action);
  g_clear_pointer ((GtkWidget **)&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_results_view_parent_class)->dispose (object);
}

static void
ac_results_view_class_init (AcResultsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_results_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-results-view.ui");
  gtk_widget_class_bind_template_child (widget_class, AcResultsView, box);
  gtk_widget_class_bind_template_child (widget_class, AcResultsView, heading);
  gtk_widget_class_bind_template_child (widget_class, AcResultsView, filter);
  gtk_widget_class_bind_template_child (widget_class, AcResultsView, rows);
  gtk_widget_class_bind_template_child (widget_class, AcResultsView, tools);
  gtk_widget_class_bind_template_callback (widget_class, filter_cb);
  gtk_widget_class_bind_template_callback (widget_class, export_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ac_results_view_init (AcResultsView *self)
{
  g_type_ensure (AC_TYPE_OUTCOME_FILTER);
  g_type_ensure (AC_TYPE_RESULT_TOOLS);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ac_results_view_set_action:
 * @action: whose assets and results to show
 */
void
ac_results_view_set_action (AcResultsView *self, AcAction *action)
{
  gboolean same;
  const char *type;
  const char *const *assets;
  g_autofree char *heading = NULL;

  g_return_if_fail (AC_IS_RESULTS_VIEW (self));
  g_return_if_fail (AC_IS_ACTION (action));

  same = self->action != NULL &&
         g_strcmp0 (ac_action_get_id (self->action), ac_action_get_id (action)) == 0;
  g_set_object (&self->action, action);
  if (!same)
    {
      ac_outcome_filter_set_outcome (self->filter, NULL);
      ac_result_tools_forget (self->tools);
    }
  type = ac_action_get_action_type (action);
  assets = get_assets (action);
  heading = strcmp (assets[0], AC_CLUSTER_ALL_MAILBOXES) == 0
                ? ac_wording_asset (assets[0])
                : ac_type_wording_assets (type, g_strv_length ((GStrv)assets));
  gtk_label_set_text (self->heading, heading);
  count_results (self);
  show_rows (self);
}
