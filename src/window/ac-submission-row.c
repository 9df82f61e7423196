/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-submission-row.h"
#include "window/ac-time-text.h"
#include "window/ac-ui.h"

struct _AcSubmissionRow
{
  GtkListBoxRow parent_instance;

  GtkLabel *title;
  GtkLabel *status;
  GtkLabel *time;

  AcSubmission *submission;
};

G_DEFINE_FINAL_TYPE (AcSubmissionRow, ac_submission_row, GTK_TYPE_LIST_BOX_ROW)

static void
ac_submission_row_dispose (GObject *object)
{
  g_clear_object (&AC_SUBMISSION_ROW (object)->submission);
  G_OBJECT_CLASS (ac_submission_row_parent_class)->dispose (object);
}

static void
ac_submission_row_class_init (AcSubmissionRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_submission_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-submission-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionRow, title);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionRow, status);
  gtk_widget_class_bind_template_child (widget_class, AcSubmissionRow, time);
}

static void
ac_submission_row_init (AcSubmissionRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static char *
describe (AcSubmission *submission)
{
  const char *category =
      ac_vocabulary_label (AC_VOCABULARY_THREAT, ac_submission_get_category (submission));
  const char *entry =
      ac_vocabulary_label (AC_VOCABULARY_LIST_ENTRY, ac_submission_get_entry (submission));
  g_autoptr (GString) text = g_string_new (
      ac_vocabulary_label (AC_VOCABULARY_ASSESSMENT, ac_submission_get_assessment (submission)));

  if (category != NULL)
    g_string_append_printf (text, " (%s)", category);
  if (entry != NULL)
    g_string_append_printf (text, " · %s", entry);
  g_string_append_printf (
      text, " · %s · %s", ac_submission_get_submitted_by (submission),
      ac_vocabulary_label (AC_VOCABULARY_SUBMISSION_STATE, ac_submission_get_state (submission)));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * ac_submission_row_new:
 *
 * Returns: (transfer floating): a row.
 */
GtkWidget *
ac_submission_row_new (AcSubmission *submission)
{
  AcSubmissionRow *self = g_object_new (AC_TYPE_SUBMISSION_ROW, NULL);

  ac_submission_row_set_submission (self, submission);
  return GTK_WIDGET (self);
}

/**
 * ac_submission_row_set_submission:
 * @submission: what it shows from now on
 */
void
ac_submission_row_set_submission (AcSubmissionRow *self, AcSubmission *submission)
{
  const char *title;
  g_autofree char *text = NULL;
  g_autofree char *when = NULL;
  g_autofree char *in_full = NULL;
  g_autofree char *description = NULL;

  g_return_if_fail (AC_IS_SUBMISSION_ROW (self));
  g_return_if_fail (AC_IS_SUBMISSION (submission));

  title = ac_entity_get_summary (ac_submission_get_entity (submission));
  text = describe (submission);
  when = ac_time_text_short (ac_submission_get_created_at (submission));
  in_full = ac_time_text_full (ac_submission_get_created_at (submission));
  description = g_strdup_printf ("%s, %s", title, text);
  g_set_object (&self->submission, submission);
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->status, text);
  gtk_label_set_text (self->time, when);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->time), in_full);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, description,
                                  -1);
}

/**
 * ac_submission_row_get_submission:
 *
 * Returns: (transfer none): what it shows.
 */
AcSubmission *
ac_submission_row_get_submission (AcSubmissionRow *self)
{
  g_return_val_if_fail (AC_IS_SUBMISSION_ROW (self), NULL);

  return self->submission;
}
