/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-compat.h"
#include "window/ac-result-tools.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

struct _AcResultTools
{
  GtkWidget parent_instance;

  GtkBox *box;
  GtkWidget *retry;
  GtkLabel *retry_label;
  GtkWidget *export;
  GtkLabel *saved;

  GCancellable *cancellable; /* of what is being saved; nullable */
};

G_DEFINE_FINAL_TYPE (AcResultTools, ac_result_tools, GTK_TYPE_WIDGET)

enum
{
  EXPORT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
say (AcResultTools *self, const char *text)
{
  gtk_label_set_text (self->saved, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->saved), text != NULL);
  if (text != NULL)
    ac_compat_announce (GTK_WIDGET (self), text);
}

static void
exported_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcResultTools) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *number = NULL;
  g_autofree char *text = NULL;
  guint64 n_rows;

  path = ac_results_export_finish (result, &n_rows, &error);
  /* Something else is shown by now; the file is there all the same. */
  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "result-tools.export", TRUE);
  if (path == NULL)
    {
      say (self, error->message);
      return;
    }
  number = ac_wording_number (n_rows);
  /* Translators: a number, and the path of a file */
  text = g_strdup_printf (
      ngettext ("%1$s result saved as %2$s", "%1$s results saved as %2$s", (gulong)n_rows), number,
      path);
  say (self, text);
}

static const char *
get_folder (void)
{
  const char *folder = g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD);

  return folder != NULL ? folder : g_get_home_dir ();
}

/* Returns: (transfer none): of the saving that begins. */
static GCancellable *
begin (AcResultTools *self)
{
  ac_result_tools_forget (self);
  self->cancellable = g_cancellable_new ();
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "result-tools.export", FALSE);
  return self->cancellable;
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[EXPORT], 0);
}

static void
ac_result_tools_dispose (GObject *object)
{
  AcResultTools *self = AC_RESULT_TOOLS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer ((GtkWidget **)&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_result_tools_parent_class)->dispose (object);
}

static void
ac_result_tools_class_init (AcResultToolsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_result_tools_dispose;
  signals[EXPORT] = g_signal_new ("export", AC_TYPE_RESULT_TOOLS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-result-tools.ui");
  gtk_widget_class_bind_template_child (widget_class, AcResultTools, box);
  gtk_widget_class_bind_template_child (widget_class, AcResultTools, retry);
  gtk_widget_class_bind_template_child (widget_class, AcResultTools, retry_label);
  gtk_widget_class_bind_template_child (widget_class, AcResultTools, export);
  gtk_widget_class_bind_template_child (widget_class, AcResultTools, saved);
  gtk_widget_class_install_action (widget_class, "result-tools.export", NULL, export_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ac_result_tools_init (AcResultTools *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ac_result_tools_set_results (self, 0, 0, FALSE);
}

/**
 * ac_result_tools_set_results:
 * @n_results: how many there are; nothing is offered without
 * @n_failed: how many of them failed
 * @retry: whether these can be tried again, by the action flyout.retry
 */
void
ac_result_tools_set_results (AcResultTools *self, guint n_results, guint n_failed, gboolean retry)
{
  g_autofree char *number = ac_wording_number (n_failed);
  g_autofree char *text = g_strdup_printf (_ ("Retry the %s that failed"), number);

  g_return_if_fail (AC_IS_RESULT_TOOLS (self));

  gtk_label_set_text (self->retry_label, text);
  gtk_widget_set_visible (self->retry, retry && n_failed > 0);
  gtk_widget_set_visible (self->export, n_results > 0);
  gtk_widget_set_visible (GTK_WIDGET (self), n_results > 0);
}

/**
 * ac_result_tools_forget:
 *
 * Says nothing any more of what was saved before: something else is shown.
 */
void
ac_result_tools_forget (AcResultTools *self)
{
  g_return_if_fail (AC_IS_RESULT_TOOLS (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "result-tools.export", TRUE);
  say (self, NULL);
}

/**
 * ac_result_tools_export:
 * @api: (nullable): whom to ask for the messages of a cluster
 * @outcomes: (nullable): only these; %NULL: all
 *
 * Saves the results of @action.
 */
void
ac_result_tools_export (AcResultTools *self,
                        AcApi *api,
                        AcAction *action,
                        const char *const *outcomes)
{
  g_return_if_fail (AC_IS_RESULT_TOOLS (self));
  g_return_if_fail (AC_IS_ACTION (action));

  ac_results_export_async (api, action, outcomes, get_folder (), begin (self), exported_cb,
                           g_object_ref (self));
}

/**
 * ac_result_tools_export_items:
 * @items: of AcOperationItem
 * @names: action id → what it is about
 *
 * Saves what became of each action of an operation.
 */
void
ac_result_tools_export_items (AcResultTools *self,
                              GPtrArray *items,
                              GHashTable *names,
                              const char *operation_id)
{
  g_return_if_fail (AC_IS_RESULT_TOOLS (self));
  g_return_if_fail (items != NULL);

  ac_results_export_items_async (items, names, operation_id, get_folder (), begin (self),
                                 exported_cb, g_object_ref (self));
}
